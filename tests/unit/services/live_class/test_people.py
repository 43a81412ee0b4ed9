"""Who may reach whom, and how long it is believed where they are."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

from services.contracts.learning import Role
from services.kit.clock import FakeClock
from services.live_class.room.whereabouts import Whereabouts
from services.live_class.signalling import people
from services.live_class.signalling.people import KEPT_S, People, Present, may_reach
from tests.fakes.tenant import NOW

PLACE = ("acme", "l1")


def at(breakout: int | None, role: Role = Role.LEARNER) -> Whereabouts:
    return Whereabouts("Ada", role, "eu-west", breakout)


@dataclass
class Rooms:
    """What the database would say, and how often it was asked."""

    there: dict[int, Whereabouts] = field(default_factory=dict)
    asked: list[list[int]] = field(default_factory=list)
    held: asyncio.Event | None = None

    async def find(self, tenant: str, live_class: str, users: Collection[int]) -> Present:
        self.asked.append(sorted(users))
        found = Present({user: self.there[user] for user in users if user in self.there})
        if self.held is not None:
            await self.held.wait()
        return found


def test_people_of_one_room_reach_each_other_and_those_of_two_do_not() -> None:
    assert may_reach(at(None), at(None))
    assert may_reach(at(2), at(2))
    assert not may_reach(at(1), at(2))
    assert not may_reach(at(1), at(None))


def test_who_teaches_reaches_everybody_and_is_answered() -> None:
    for role in (Role.TEACHER, Role.OPERATOR):
        assert may_reach(at(None, role), at(2))
        assert may_reach(at(2), at(None, role))


async def test_within_a_second_nobody_is_looked_up_twice() -> None:
    rooms, clock = Rooms({1: at(None), 2: at(None)}), FakeClock(NOW)
    known = People(rooms.find, clock)

    for _ in range(3):
        await known.of(*PLACE, [1, 2])
    await known.of(*PLACE, [2])
    clock.advance(KEPT_S)
    await known.of(*PLACE, [2])

    assert rooms.asked == [[1, 2], [2]]


async def test_who_is_not_there_is_looked_up_each_time() -> None:
    rooms = Rooms({1: at(None)})
    known = People(rooms.find, FakeClock(NOW))
    assert set((await known.of(*PLACE, [1, 2])).people) == {1}

    rooms.there[2] = at(None)

    assert set((await known.of(*PLACE, [1, 2])).people) == {1, 2}
    assert rooms.asked == [[1, 2], [2]]


async def test_a_move_holds_at_once_where_it_was_done_and_within_a_second_elsewhere() -> None:
    rooms, clock = Rooms({1: at(None)}), FakeClock(NOW)
    here, elsewhere = People(rooms.find, clock), People(rooms.find, clock)
    for one in (here, elsewhere):
        await one.of(*PLACE, [1])

    rooms.there[1] = at(3)
    here.moved(*PLACE)

    assert (await here.of(*PLACE, [1])).people[1].breakout == 3
    assert (await elsewhere.of(*PLACE, [1])).people[1].breakout is None
    clock.advance(KEPT_S)
    assert (await elsewhere.of(*PLACE, [1])).people[1].breakout == 3


async def test_what_was_read_before_a_move_is_not_kept_behind_it() -> None:
    rooms = Rooms({1: at(None)}, held=asyncio.Event())
    known = People(rooms.find, FakeClock(NOW))
    async with asyncio.TaskGroup() as work:
        before = work.create_task(known.of(*PLACE, [1]))
        await asyncio.sleep(0)
        assert rooms.asked == [[1]]
        rooms.there[1] = at(3)
        known.moved(*PLACE)
        assert rooms.held is not None
        rooms.held.set()

    assert before.result().people[1].breakout is None
    assert (await known.of(*PLACE, [1])).people[1].breakout == 3


async def test_classes_of_the_same_name_are_told_apart_by_their_tenant() -> None:
    rooms = Rooms({1: at(None)})
    known = People(rooms.find, FakeClock(NOW))

    await known.of("acme", "l1", [1])
    await known.of("blue", "l1", [1])

    assert rooms.asked == [[1], [1]]


async def test_no_more_is_kept_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST", 4)
    rooms = Rooms({user: at(None) for user in range(10)})
    known = People(rooms.find, FakeClock(NOW))

    for user in range(10):
        await known.of("acme", f"l{user}", [user])
    await known.of("acme", "l9", [9])
    await known.of("acme", "l0", [0])

    assert rooms.asked == [[user] for user in (*range(10), 0)]
