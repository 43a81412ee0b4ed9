"""Whoever reads on from a cursor has all that happened, from wherever they read on, and once."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from services.contracts.classroom import (
    Breakout,
    BreakoutsChanged,
    ClassDeed,
    ClassroomEvent,
    ClassroomSnapshot,
    ClassStateChanged,
    Gap,
    Hand,
    HandsChanged,
    PresenceChanged,
)
from services.contracts.classroom_api import classroom_topic
from services.contracts.live_class import LiveClassState as State
from services.kit.redis import redis_of
from services.live_class.room.names import participant_id
from services.live_class.room.ring import KEPT
from tests.integration.live_class.lecture import CLASS, TEACHER, Lecture
from tests.stack import Stack

STEPS = 100


@dataclass
class Copy:
    """A client's: it reads on now and then, and may break off amid what it is told."""

    lecture: Lecture
    cursor: str | None = None
    there: set[str] = field(default_factory=set)
    present: int = 0
    hands: list[Hand] = field(default_factory=list)
    breakouts: list[Breakout] = field(default_factory=list)
    state: State | None = None
    gaps: int = 0
    places: list[str] = field(default_factory=list)

    async def reads(self, most: int | None = None) -> int:
        """How many events there were."""
        news = await self.lecture.news(self.cursor)
        taken = news.events if most is None else news.events[:most]
        for event in taken:
            self._apply(event)
        self.cursor = news.cursor if len(taken) == len(news.events) else self.cursor
        return len(news.events)

    def _apply(self, event: ClassroomEvent) -> None:
        self.cursor = event.cursor
        self.places.append(event.cursor)
        match event:
            case ClassroomSnapshot(live_class=live_class):
                self.state = live_class.state
            case PresenceChanged(present=present, joined=joined, left=left):
                self.present = present
                self.there |= {one.id for one in joined}
                self.there -= set(left)
            case HandsChanged(hands=hands):
                self.hands = hands
            case BreakoutsChanged(breakouts=breakouts):
                self.breakouts = breakouts
            case ClassStateChanged(state=state):
                self.state = state
            case Gap(dropped=dropped):
                self.gaps += dropped


async def something(lecture: Lecture, chance: random.Random) -> None:
    user = chance.choice(lecture.users)
    match chance.randrange(9):
        case 0 | 1 | 2:
            await lecture.joins(user)
        case 3:
            await lecture.does(user, ClassDeed.LEAVE)
        case 4:
            await lecture.does(user, ClassDeed.RAISE_HAND)
        case 5:
            await lecture.does(user, ClassDeed.LOWER_HAND)
        case 6:
            await lecture.opens(chance.randrange(1, 5))
        case 7:
            await lecture.moves(user, chance.choice([None, 1, 2]))
        case 8:
            await lecture.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)


async def is_as_told(copy: Copy) -> None:
    room = await copy.lecture.room()
    assert room is not None
    users = await copy.lecture.column(
        "SELECT user_id FROM participants"
        " WHERE tenant_id = $1 AND live_class = $2 AND left_at IS NULL"
    )
    there = {participant_id(copy.lecture.tenant, CLASS, user) for user in users}
    assert (copy.state, copy.hands, copy.breakouts) == (room.state, room.hands, room.breakouts)
    assert (copy.present, copy.there) == (room.present, there)
    assert copy.present == len(there)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_copy_comes_to_be_what_the_room_is(lecture: Lecture, seed: int) -> None:
    chance = random.Random(seed)
    await lecture.does(TEACHER, ClassDeed.START)
    copies = [Copy(lecture) for _ in range(4)]
    for copy in copies:
        await copy.reads()

    for _ in range(STEPS):
        await something(lecture, chance)
        if chance.random() < 0.2:
            await lecture.tick()
        if chance.random() < 0.5:
            await chance.choice(copies).reads(chance.choice([None, 0, 1, 2]))
    await lecture.joins(10)
    await lecture.tick()
    for copy in copies:
        while await copy.reads():
            pass
        await is_as_told(copy)
        assert copy.gaps == 0
        assert len(set(copy.places)) == len(copy.places) > 3


async def test_with_nothing_new_there_is_nothing_to_read(lecture: Lecture) -> None:
    await lecture.all_join([10, 11])
    await lecture.tick()
    first = await lecture.news(None)

    again = await lecture.news(first.cursor)

    assert [type(one) for one in first.events] == [ClassroomSnapshot]
    assert (again.events, again.cursor, again.is_over) == ([], first.cursor, False)


async def test_a_tick_in_which_nothing_changed_tells_nothing(lecture: Lecture) -> None:
    await lecture.joins(10)
    await lecture.tick()
    before = (await lecture.news(None)).cursor

    await lecture.does(10, ClassDeed.RAISE_HAND)
    await lecture.does(10, ClassDeed.LOWER_HAND)
    await lecture.tick()

    assert (await lecture.news(before)).events == []


async def test_whoever_was_away_too_long_is_told_how_much_they_missed(lecture: Lecture) -> None:
    await lecture.joins(10)
    await lecture.tick()
    cursor, missed = (await lecture.news(None)).cursor, 7
    for number in range(KEPT + missed):
        deed = lecture.does(11, ClassDeed.LEAVE) if number % 2 else lecture.joins(11)
        await deed
        await lecture.tick()

    gap, presence = (await lecture.news(cursor)).events

    assert isinstance(gap, Gap)
    assert isinstance(presence, PresenceChanged)
    assert (gap.dropped, presence.present) == (missed, 2)
    [again] = (await lecture.news(gap.cursor)).events
    assert again == presence


@pytest.mark.parametrize(
    "cursor", ["", "x", "0.0.0", "deadbeef.1.1", "99.99.99" * 9, "💥", "-1.1.1"]
)
async def test_a_cursor_that_is_not_known_gets_a_gap_and_a_snapshot(
    lecture: Lecture, cursor: str
) -> None:
    await lecture.joins(10)
    await lecture.tick()

    gap, snapshot = (await lecture.news(cursor)).events

    assert isinstance(gap, Gap)
    assert isinstance(snapshot, ClassroomSnapshot)
    assert [type(one) for one in (await lecture.news(gap.cursor)).events] == [ClassroomSnapshot]


async def test_a_cursor_of_the_future_is_not_known(lecture: Lecture) -> None:
    await lecture.joins(10)
    await lecture.tick()
    epoch, version, ticks = (await lecture.news(None)).cursor.split(".")

    found = await lecture.news(f"{epoch}.{int(version) + 1}.{ticks}")

    assert [type(one) for one in found.events] == [Gap, ClassroomSnapshot]


async def test_whoever_waits_before_the_doors_is_told_when_they_open(lecture: Lecture) -> None:
    before = await lecture.news(None)
    waiting = await lecture.news(before.cursor)
    await lecture.does(TEACHER, ClassDeed.START)
    after = await lecture.news(waiting.cursor)

    assert waiting.events == []
    states = [
        one.live_class.state
        for news in (before, after)
        for one in news.events
        if isinstance(one, ClassroomSnapshot)
    ]
    assert states == [State.SCHEDULED, State.LIVE]


async def test_the_end_is_the_last_that_is_told(lecture: Lecture) -> None:
    await lecture.all_join([10, 11])
    await lecture.opens(2)
    await lecture.tick()
    cursor = (await lecture.news(None)).cursor
    await lecture.does(TEACHER, ClassDeed.END)

    news = await lecture.news(cursor)
    await lecture.tick()

    assert news.is_over
    assert [type(one) for one in news.events] == [BreakoutsChanged, ClassStateChanged]
    assert (await lecture.news(news.cursor)).events == []


async def test_each_change_of_a_teachers_and_each_tick_is_news(
    lecture: Lecture, stack: Stack
) -> None:
    topic = classroom_topic(lecture.tenant, CLASS)
    async with redis_of(stack.redis) as redis, redis.pubsub() as heard:
        await heard.subscribe(topic)
        await heard.get_message(timeout=5)
        for does in (
            lecture.does(TEACHER, ClassDeed.START),
            lecture.opens(2),
            lecture.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS),
        ):
            await does
            assert await heard.get_message(ignore_subscribe_messages=True, timeout=5)
        await lecture.joins(10)
        await lecture.tick()
        assert await heard.get_message(ignore_subscribe_messages=True, timeout=5)
        await lecture.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)
        await lecture.tick()
        assert await heard.get_message(ignore_subscribe_messages=True, timeout=0.2) is None


def kinds(events: Iterable[ClassroomEvent]) -> list[str]:
    return [type(one).__name__ for one in events]


async def test_kinds_are_told_in_the_order_they_changed(lecture: Lecture) -> None:
    cursor = (await lecture.news(None)).cursor
    await lecture.does(TEACHER, ClassDeed.START)
    cursor = (await lecture.news(cursor)).cursor
    await lecture.opens(2)
    await lecture.joins(10)
    await lecture.does(10, ClassDeed.RAISE_HAND)
    await lecture.tick()

    told = kinds((await lecture.news(cursor)).events)

    assert told == ["BreakoutsChanged", "PresenceChanged", "HandsChanged"]
