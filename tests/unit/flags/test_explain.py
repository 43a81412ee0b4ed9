"""Why a side answers somebody, and at which percentage that would change."""

from pathlib import Path

import pytest

from flags.change import Change
from flags.client import Flags
from flags.document import Document, Feature, render
from flags.explain import comes_at, explain
from flags.file import FlagFile
from flags.names import PROGRESS_READ, Side
from tests.unit.flags.people import viewer

LEARNER = viewer("northfield", 4)


def told(home: Path) -> str:
    return explain(FlagFile(home).text(), PROGRESS_READ, LEARNER).told()


def test_the_rule_and_the_persons_place_are_told(tmp_path: Path) -> None:
    Change(PROGRESS_READ, 30).applied(tmp_path)
    place = comes_at(PROGRESS_READ, LEARNER)

    side = "service" if place <= 30 else "legacy"

    assert told(tmp_path) == (
        f"{side}: everybody is at 30 %, and this person comes over at {place} %"
    )


@pytest.mark.parametrize("user", range(1, 6))
def test_somebody_comes_over_at_the_percentage_told_and_not_before(
    user: int, tmp_path: Path
) -> None:
    person = viewer("northfield", user)
    place = comes_at(PROGRESS_READ, person)

    Change(PROGRESS_READ, place - 1).applied(tmp_path)
    before = Flags(tmp_path).decide(person).side(PROGRESS_READ)
    Change(PROGRESS_READ, place).applied(tmp_path)
    at = Flags(tmp_path).decide(person).side(PROGRESS_READ)

    assert (before, at) == (Side.LEGACY, Side.SERVICE)


def test_a_flag_that_is_off_moves_nobody_at_any_percentage(tmp_path: Path) -> None:
    off = Document(2, [Feature(PROGRESS_READ.name, False, [])])
    FlagFile(tmp_path).path.write_bytes(render(off))

    assert told(tmp_path) == "legacy: it is switched off"
