"""The judge of feeds finds each planted fault."""

from datetime import UTC, datetime

import pytest

from services.contracts.events import Event, LessonsCompleted
from services.contracts.ids import TenantId
from tests.integration.events.judge import FAULTLESS, Verdict, judge

AT = datetime(2026, 1, 1, tzinfo=UTC)
COMMITTED = {"a": 3}


def read(*versions_at: tuple[int, int]) -> list[Event]:
    """Events of stream a: version and position of each."""
    return [
        Event("tests", "a", version, TenantId("demo"), AT, LessonsCompleted(1, 2, [3]), None, at)
        for version, at in versions_at
    ]


def test_a_whole_feed_is_faultless() -> None:
    assert judge(read((1, 1), (2, 2), (3, 3)), COMMITTED) == FAULTLESS


@pytest.mark.parametrize(
    ("faulty", "verdict"),
    [
        (read((1, 1), (2, 2)), Verdict(lost=1)),
        (read((1, 1), (2, 2), (2, 3), (3, 4)), Verdict(doubled=1)),
        (read((2, 1), (1, 2), (3, 3)), Verdict(misordered=1)),
        (read((1, 1), (2, 2), (3, 4)), Verdict(gaps=1)),
        (read((1, 2), (2, 3), (3, 4)), Verdict(gaps=1)),
    ],
)
def test_each_fault_is_found(faulty: list[Event], verdict: Verdict) -> None:
    assert judge(faulty, COMMITTED) == verdict
