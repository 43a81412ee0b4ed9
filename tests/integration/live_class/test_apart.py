"""Breakout rooms: everybody is in exactly one room, whatever is done at once, and comes back."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.contracts.classroom import ClassDeed, ClassUpdated, Room
from services.contracts.errors import HIDDEN
from services.contracts.ids import TenantId
from services.contracts.live_class import LiveClassState as State
from services.events.bell import Bell
from services.events.outbox import Outbox
from services.kit.clock import SystemClock
from services.live_class.room.deciding import BAD_COUNT, BAD_MINUTES, NO_BREAKOUT
from services.live_class.room.due import Due
from services.live_class.room.names import participant_id
from services.live_class.service import SOURCE
from tests.integration.live_class.lecture import CLASS, TEACHER, Lecture
from tests.stack import Stack

LOST = """
SELECT count(*) FROM participants WHERE tenant_id = $1 AND live_class = $2
    AND breakout IS NOT NULL AND breakout NOT IN (
        SELECT number FROM breakouts WHERE tenant_id = $1 AND live_class = $2
    )
"""
PASS = "UPDATE breakouts SET ends_at = clock_timestamp() WHERE tenant_id = $1 AND live_class = $2"
AT_ONCE = 12


@pytest.fixture
async def due(lecture: Lecture, stack: Stack) -> AsyncIterator[Due]:
    async with Bell(stack.redis, SystemClock()) as bell:
        outbox = Outbox(SOURCE)
        yield Due(lecture.worker, outbox, bell, lecture.topics, lecture.beats)


def members(room: Room | None) -> Counter[str]:
    assert room is not None
    return Counter(one.id for apart in room.breakouts for one in apart.members)


async def test_those_who_are_there_are_spread_evenly(lecture: Lecture) -> None:
    gone = lecture.users[-1]
    await lecture.all_join([TEACHER, *lecture.users])
    await lecture.does(gone, ClassDeed.LEAVE)

    opened = await lecture.opens(3, minutes=5)

    assert isinstance(opened, ClassUpdated)
    room = await lecture.room()
    assert room is not None
    assert [apart.name for apart in room.breakouts] == ["Room 1", "Room 2", "Room 3"]
    assert sorted(len(apart.members) for apart in room.breakouts) == [6, 6, 7]
    ends = {apart.ends_at for apart in room.breakouts}
    [ends_at] = ends
    assert ends_at is not None
    left = ends_at - SystemClock().now()
    assert timedelta(minutes=4) < left <= timedelta(minutes=5)
    expected = {participant_id(lecture.tenant, CLASS, user) for user in lecture.users[:-1]}
    assert members(room) == Counter(expected)


async def test_who_is_not_heard_of_is_not_spread(lecture: Lecture) -> None:
    await lecture.all_join([10, 11])
    await lecture.is_silent(11)

    await lecture.opens(2)

    assert list(members(await lecture.room())) == [participant_id(lecture.tenant, CLASS, 10)]


async def test_so_many_for_so_long_and_no_more(lecture: Lecture) -> None:
    await lecture.joins(TEACHER)

    assert [await lecture.opens(count) for count in (0, 101, -1)] == [BAD_COUNT] * 3
    assert [await lecture.opens(2, minutes) for minutes in (0, 241)] == [BAD_MINUTES] * 2
    assert isinstance(await lecture.opens(100, 240), ClassUpdated)


async def test_somebody_is_moved_and_comes_back(lecture: Lecture) -> None:
    await lecture.all_join([10, 11])
    await lecture.opens(2)

    moved = [await lecture.moves(10, 2), await lecture.moves(11, 2)]
    both = await lecture.room()
    moved += [await lecture.moves(10, None), await lecture.moves(11, 1)]
    apart = await lecture.room()

    assert all(isinstance(one, ClassUpdated) for one in moved)
    assert both is not None
    assert [len(one.members) for one in both.breakouts] == [0, 2]
    assert apart is not None
    assert [len(one.members) for one in apart.breakouts] == [1, 0]


async def test_nobody_is_moved_to_where_there_is_nothing(lecture: Lecture) -> None:
    await lecture.joins(10)
    before = await lecture.moves(10, 1)
    await lecture.opens(2)

    assert before == NO_BREAKOUT
    assert [await lecture.moves(10, number) for number in (0, 3, -1)] == [NO_BREAKOUT] * 3
    assert await lecture.moves(11, 1) == HIDDEN


async def test_who_leaves_and_comes_back_is_where_they_were(lecture: Lecture) -> None:
    await lecture.joins(10)
    await lecture.opens(1)
    await lecture.does(10, ClassDeed.LEAVE)
    await lecture.joins(10)
    returned = members(await lecture.room())
    await lecture.does(10, ClassDeed.LEAVE)
    await lecture.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)
    await lecture.joins(10)

    assert sum(returned.values()) == 1
    assert not members(await lecture.room())


async def something(lecture: Lecture, chance: random.Random, looks: list[Room | None]) -> None:
    user = chance.choice(lecture.users)
    match chance.randrange(6):
        case 0:
            await lecture.opens(chance.randrange(1, 6))
        case 1:
            await lecture.moves(user, chance.choice([None, 1, 2, 3]))
        case 2:
            await lecture.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)
        case 3:
            await lecture.joins(user)
        case 4:
            await lecture.does(user, ClassDeed.LEAVE)
        case 5:
            looks.append(await lecture.room())


@pytest.mark.parametrize("seed", [1, 2])
async def test_everybody_is_in_exactly_one_room_whatever_is_done_at_once(
    lecture: Lecture, seed: int
) -> None:
    chance = random.Random(seed)
    await lecture.all_join()
    looks: list[Room | None] = []

    for _ in range(8):
        await asyncio.gather(*[something(lecture, chance, looks) for _ in range(AT_ONCE)])
        assert await lecture.value(LOST) == 0
        looks.append(await lecture.room())
    await lecture.does(TEACHER, ClassDeed.CLOSE_BREAKOUTS)

    assert len(looks) >= 8
    assert all(number == 1 for look in looks for number in members(look).values())
    assert any(members(look) for look in looks)
    assert not members(await lecture.room())


async def test_they_close_by_themselves(lecture: Lecture, due: Due) -> None:
    await lecture.joins(10)
    await lecture.opens(2)
    cursor = (await lecture.news(None)).cursor
    await due.visit(TenantId(lecture.tenant))
    early = await lecture.room()
    await lecture.execute(PASS)

    await asyncio.gather(*[due.visit(TenantId(lecture.tenant)) for _ in range(4)])

    room = await lecture.room()
    assert early is not None
    assert len(early.breakouts) == 2
    assert room is not None
    assert room.breakouts == []
    assert not members(room)
    [event] = (await lecture.news(cursor)).events
    assert event.cursor == (await lecture.news(None)).cursor
    told = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND data ->> 'live_class' = $2"
    closed = f"{told} AND data ->> 'type' = 'BreakoutsHeld' AND data -> 'count' = '0'"
    assert await lecture.value(closed) == 1


async def test_a_class_that_nobody_ended_ends_by_itself(lecture: Lecture, due: Due) -> None:
    forgotten = "UPDATE rooms SET forgotten_at = clock_timestamp() WHERE tenant_id = $1"
    over = "UPDATE classes SET starts_at = now() - interval '4 h', ends_at = now() - interval"
    await lecture.joins(10)
    await lecture.opens(1)
    await lecture.execute(f"{forgotten} AND live_class = $2")
    await due.visit(TenantId(lecture.tenant))
    prolonged = await lecture.room()
    await lecture.execute(f"{forgotten} AND live_class = $2")
    await lecture.execute(f"{over} '2 h' WHERE tenant_id = $1 AND $2 <> ''")

    await due.visit(TenantId(lecture.tenant))

    ended = await lecture.room()
    assert prolonged is not None
    assert prolonged.state is State.OPEN
    assert ended is not None
    assert (ended.state, ended.breakouts) == (State.ENDED, [])
    assert (await lecture.news(None)).is_over


async def test_ten_thousand_are_spread_within_the_patience_of_a_command(
    lecture: Lecture,
) -> None:
    await lecture.joins(TEACHER)
    await lecture.execute(
        "INSERT INTO participants (tenant_id, live_class, user_id, name, role, region)"
        " SELECT $1, $2, 1000000 + n, 'P', 'LEARNER', '' FROM generate_series(1, 10000) AS n"
    )
    began_s = time.monotonic()

    opened = await lecture.opens(100)

    assert isinstance(opened, ClassUpdated), opened
    assert time.monotonic() - began_s < 4
    sizes = await lecture.column(
        "SELECT count(*) FROM participants WHERE tenant_id = $1 AND live_class = $2"
        " AND breakout IS NOT NULL GROUP BY breakout"
    )
    assert sizes == [100] * 100
