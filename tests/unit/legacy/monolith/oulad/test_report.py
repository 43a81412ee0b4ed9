"""What an import did is told in a table, and how far it is on the way."""

import io

from rich.console import Console

from legacy.monolith.oulad.load import Imported
from legacy.monolith.oulad.refusals import Reason, Refusals
from legacy.monolith.oulad.report import MOST_ROWS_SHOWN, new, progress, show, track_on
from legacy.monolith.oulad.store import Counted


def shown(refusals: Refusals) -> str:
    console = Console(file=io.StringIO(), width=100)
    show(Imported({"lessons": Counted(876, 876)}, refusals, 20_861, 6516), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_what_was_there_is_said_to_be() -> None:
    told = [new(Counted(22, count)) for count in (22, 0, 2)]

    assert told == ["22", "already there", "2, 20 already there"]


def test_refusals_are_counted_by_reason() -> None:
    refusals = Refusals()
    refusals.add(Reason.NO_SCORE)

    text = shown(refusals)

    assert "refused: no score" in text
    assert "20,861" in text


def test_malformed_rows_are_shown_up_to_a_bound() -> None:
    refusals = Refusals()
    for line in range(MOST_ROWS_SHOWN + 2):
        refusals.malformed("vle.csv", line, ValueError("[odd]"))

    text = shown(refusals)

    assert text.count("malformed: vle.csv, line") == MOST_ROWS_SHOWN
    assert "line 0: [odd]" in text
    assert "and 2 malformed rows more" in text


def test_tracking_passes_every_row_and_ends_full() -> None:
    with progress(Console(file=io.StringIO())) as bar:
        rows = list(track_on(bar)(iter(range(5)), "reading"))

    assert rows == list(range(5))
    assert [(task.completed, task.total) for task in bar.tasks] == [(5, 5)]
