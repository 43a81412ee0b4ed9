"""How long a session lives."""

from datetime import UTC, datetime

import pytest

from legacy.monolith.clock import FakeClock
from legacy.monolith.session import Sessions


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 10, tzinfo=UTC))


def test_a_session_lives_its_time_and_no_longer(clock: FakeClock) -> None:
    sessions = Sessions(clock, lasts_s=60)
    cookie = sessions.open("t", 4, "UTC")

    clock.advance(seconds=59)
    assert sessions.living(cookie) is not None
    clock.advance(seconds=1)
    assert sessions.living(cookie) is None


def test_use_does_not_make_a_session_longer(clock: FakeClock) -> None:
    sessions = Sessions(clock, lasts_s=60)
    cookie = sessions.open("t", 4, "UTC")

    for _ in range(6):
        sessions.living(cookie)
        clock.advance(seconds=10)

    assert sessions.living(cookie) is None


def test_a_closed_session_and_an_unknown_cookie_are_nobody(clock: FakeClock) -> None:
    sessions = Sessions(clock, lasts_s=60)
    cookie = sessions.open("t", 4, "UTC")

    sessions.close(cookie)

    assert sessions.living(cookie) is sessions.living("made up") is sessions.living(None) is None


def test_ended_sessions_do_not_pile_up(clock: FakeClock) -> None:
    sessions = Sessions(clock, lasts_s=60)
    for user in range(100):
        sessions.open("t", user, "UTC")

    clock.advance(seconds=61)
    sessions.open("t", 1, "UTC")

    assert len(sessions._open) == 1
