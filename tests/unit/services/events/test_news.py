"""What is new to a projection is judged by the version applied of each stream."""

from datetime import UTC, datetime

import pytest

from services.contracts.events import Event, LessonsCompleted
from services.contracts.ids import TenantId
from services.events.applied import NOTHING, key
from services.events.news import Gap, news

AT = datetime(2026, 1, 1, tzinfo=UTC)


def event(version: int, stream: str = "a", source: str = "tests") -> Event:
    return Event(source, stream, version, TenantId("demo"), AT, LessonsCompleted(1, 2, [3]))


@pytest.mark.parametrize(
    ("known", "versions", "fresh", "skipped"),
    [
        pytest.param(NOTHING, [1, 2], [1, 2], 0, id="from the beginning"),
        pytest.param(1, [1, 2], [2], 0, id="a batch that came before"),
        pytest.param(2, [1, 2], [], 0, id="all of it was seen"),
        pytest.param(1, [2, 2, 3], [2, 3], 0, id="twice in one batch"),
        pytest.param(1, [3, 4], [3, 4], 1, id="a version is missing"),
        pytest.param(NOTHING, [2], [2], 1, id="the beginning is missing"),
        pytest.param(NOTHING, [0], [0], 0, id="a snapshot of what never changed"),
        pytest.param(0, [0, 1], [1], 0, id="after such a snapshot"),
    ],
)
def test_each_version_is_new_once(
    known: int, versions: list[int], fresh: list[int], skipped: int
) -> None:
    found = news([event(version) for version in versions], {"tests:a": known})

    assert [one.version for one in found.fresh] == fresh
    assert len(found.gaps) == skipped


def test_streams_are_judged_apart_and_keep_their_order() -> None:
    batch = [event(1, "a"), event(1, "b"), event(2, "a"), event(2, "b")]

    found = news(batch, {"tests:a": 1, "tests:b": NOTHING})

    assert [(one.stream, one.version) for one in found.fresh] == [("b", 1), ("a", 2), ("b", 2)]


def test_two_sources_may_use_one_name_for_a_stream() -> None:
    assert key(event(1, source="legacy")) != key(event(1, source="progress"))


def test_a_gap_says_what_was_known_and_what_came() -> None:
    assert news([event(5)], {"tests:a": 2}).gaps == [Gap("tests:a", 2, 5)]
