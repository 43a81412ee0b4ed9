"""What becomes of a class, whatever is done to it in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.errors import ErrorCode, Refused
from services.contracts.live_class import LiveClassState as State
from services.live_class.room import deciding
from services.live_class.room.deciding import AFTER, BEFORE, NOT_YET, OVER, UNOPENED, Hours

BEGINS = datetime(2026, 3, 10, 8, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=1)
SECOND = timedelta(seconds=1)
ORDER = [None, State.OPEN, State.LIVE, State.ENDED]


def at(now: datetime) -> Hours:
    return Hours(BEGINS, ENDS, now)


def test_a_learner_may_come_in_from_a_quarter_of_an_hour_before() -> None:
    early, punctual = at(BEGINS - BEFORE - SECOND), at(BEGINS - BEFORE)

    assert deciding.joined(None, early, teaches=False) is NOT_YET
    assert deciding.joined(None, punctual, teaches=False) is State.OPEN


def test_a_teacher_may_open_it_at_any_time_before_it_is_forgotten() -> None:
    assert deciding.joined(None, at(BEGINS - timedelta(days=9)), teaches=True) is State.OPEN
    assert deciding.joined(None, at(ENDS + AFTER - SECOND), teaches=True) is State.OPEN
    assert deciding.joined(None, at(ENDS + AFTER), teaches=True) is OVER


def test_nobody_but_a_teacher_opens_a_class_that_is_over_in_the_timetable() -> None:
    assert deciding.joined(None, at(ENDS), teaches=False) is OVER
    assert deciding.joined(State.LIVE, at(ENDS), teaches=False) is State.LIVE


def test_what_is_done_within_a_class_needs_one_that_is_open() -> None:
    assert deciding.going_on(None) is UNOPENED
    assert deciding.going_on(State.ENDED) is OVER
    assert deciding.ended(None) is UNOPENED


@given(
    st.lists(st.tuples(st.sampled_from(["join", "start", "end"]), st.booleans()), max_size=12),
    st.integers(-40_000, 40_000),
)
def test_a_class_never_goes_back(deeds: list[tuple[str, bool]], seconds: int) -> None:
    state: State | None = None
    hours = at(BEGINS + timedelta(seconds=seconds))
    for deed, teaches in deeds:
        decided: State | Refused
        if deed == "join":
            decided = deciding.joined(state, hours, teaches=teaches)
        else:
            decided = deciding.started(state, hours) if deed == "start" else deciding.ended(state)
        if isinstance(decided, Refused):
            assert decided.code is ErrorCode.CLASS_CLOSED
            continue
        assert ORDER.index(decided) >= ORDER.index(state)
        state = decided


@given(st.lists(st.integers(1, 10**6), unique=True, max_size=300), st.integers(1, 100))
def test_everybody_is_in_one_room_and_no_room_has_two_more_than_another(
    users: list[int], count: int
) -> None:
    rooms = deciding.spread(users, count)

    sizes = [list(rooms.values()).count(number) for number in range(1, count + 1)]
    assert sorted(rooms) == sorted(users)
    assert sum(sizes) == len(users)
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    ("count", "minutes", "may"),
    [
        (1, 1, True),
        (100, 240, True),
        (0, 5, False),
        (101, 5, False),
        (5, 0, False),
        (5, 241, False),
    ],
)
def test_so_many_breakouts_for_so_long(count: int, minutes: int, may: bool) -> None:
    refused = deciding.breakouts(count, minutes)

    assert (refused is None) is may
    assert refused is None or refused.code is ErrorCode.INVALID
