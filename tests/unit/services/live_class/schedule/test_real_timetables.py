"""Timetables of a real university: six exports, with new UIDs each time and no recurrence."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.live_class.schedule.ics.calendar import File, classes_of
from services.live_class.schedule.ics.occurrence import Said, Span
from tests.figures import Recorder

PLACE = Path(os.environ.get("BANYAN_ICS", Path(__file__).parents[5].parent / "shared/data/ics"))
SPAN = Span(datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
# Of each file its events, and those that last days: holidays, leave, a week of sports.
FACTS = {
    "nsbm_01": (105, 2),
    "nsbm_02": (66, 2),
    "nsbm_03": (148, 2),
    "nsbm_04": (175, 3),
    "nsbm_05": (112, 4),
    "nsbm_06": (85, 2),
}


@pytest.fixture(scope="module")
def read() -> dict[str, Said]:
    files = [PLACE / f"{name}.ics" for name in FACTS]
    missing = [str(path) for path in files if not path.exists()]
    if missing:
        pytest.skip(f"THE REAL TIMETABLES ARE NOT HERE (see BANYAN_ICS): {', '.join(missing)}")
    return {path.stem: classes_of(File.read(path).blocks, SPAN, None) for path in files}


def test_every_event_is_a_class_or_is_refused_with_its_line(
    read: dict[str, Said], figure: Recorder
) -> None:
    for name, said in read.items():
        assert (said.events, len(said.refused)) == FACTS[name]
        assert len(said.occurrences) == said.events - len(said.refused)
        assert said.outside == 0
    events, classes = (sum(map(count, read.values())) for count in (_events, _classes))
    figure("timetables", events=events, classes=classes, refused=events - classes)

    refused = [one for said in read.values() for one in said.refused]
    assert all("a class lasts 24 at most" in one.why and one.line and one.uid for one in refused)


def test_their_times_are_those_of_colombo(read: dict[str, Said]) -> None:
    first = min(
        (one for said in read.values() for one in said.occurrences), key=lambda x: x.starts_at
    )

    assert (first.zone, f"{first.starts_at:%Y-%m-%d %H:%M}") == ("Asia/Kolkata", "2024-10-28 03:30")


def test_no_class_has_a_line_break_in_its_title(read: dict[str, Said]) -> None:
    titles = {one.title for said in read.values() for one in said.occurrences}

    assert "PUSL2025 - Security Architecture and Cryptography CN/SEC" in titles
    assert not any("\n" in title or "  " in title for title in titles)


def _events(said: Said) -> int:
    return said.events


def _classes(said: Said) -> int:
    return len(said.occurrences)
