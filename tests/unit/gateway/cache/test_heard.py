"""What was heard of the log says which entries are older than a change."""

import asyncio

import pytest

from gateway.cache.heard import DEAF_AFTER_S, Heard
from services.contracts.changes import EVERYTHING
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def heard(clock: FakeClock) -> Heard:
    return Heard(clock, most_tags=3)


def test_it_is_deaf_until_it_hears_and_when_it_has_not_for_long(
    heard: Heard, clock: FakeClock
) -> None:
    assert heard.is_deaf
    heard.lives()
    assert not heard.is_deaf
    clock.advance(DEAF_AFTER_S)
    assert heard.is_deaf


def test_what_changed_after_it_was_made_is_not_current(heard: Heard) -> None:
    heard.note(5, ["a"])
    heard.note(4, ["a"])

    assert not heard.is_current(4, ["b", "a"])
    assert heard.is_current(5, ["a"])
    assert heard.is_current(0, ["b"])


def test_everything_ends_what_was_made_before(heard: Heard) -> None:
    heard.note(5, [EVERYTHING])

    assert not heard.is_current(4, [])
    assert heard.is_current(5, ["a"])


def test_a_tag_that_is_forgotten_was_changed_before_the_floor(heard: Heard) -> None:
    for position, tag in enumerate("abcd", start=1):
        heard.note(position, [tag])

    assert not heard.is_current(0, ["z"])
    assert heard.is_current(1, ["a"])
    assert not heard.is_current(1, ["b"])


async def test_who_waits_for_a_change_is_told_when_it_is_heard(heard: Heard) -> None:
    heard.note(1, [])
    assert await heard.reaches(1, 0)
    waiting = asyncio.ensure_future(heard.reaches(3, 5))
    await asyncio.sleep(0)
    heard.note(2, [])
    await asyncio.sleep(0)
    assert not waiting.done()
    heard.note(3, [])

    assert await waiting
    assert not await heard.reaches(4, 0.01)


async def test_what_it_says_itself_does_not_tell_what_others_said_before(heard: Heard) -> None:
    heard.note_own(9, ["a"])

    assert heard.position == 9
    assert not heard.is_current(8, ["a"])
    assert not await heard.reaches(8, 0.01)
