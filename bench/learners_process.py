"""One of the processes of `bench.learners`: opens its learners' sockets, and lets them act.

It reads its plan on standard input, says what it opened, waits for a line, lets them act, says what
they heard, and ends when its input does.
"""

import asyncio
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TypeAlias

import msgspec
import uvloop

from bench.class_to_all import to_all_of
from bench.files import allow_many
from bench.learners_hand import Hand
from bench.learners_heard import Heard
from bench.learners_plan import Found, Opened, Plan
from bench.learners_seat import Seat
from bench.sources import source_of
from bench.tiny_socket import TinySocket
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock

AT_ONCE = 100
TRIES, PAUSE_S, READY_S = 5, 1.0, 15.0
LOOK_S, SETTLE_S = 0.1, 20.0

Seats: TypeAlias = dict[int, Seat]


class Learners:
    """All of one process, by user."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._heard = Heard()
        self._tries: Counter[str] = Counter()
        self._busy = 0
        self._seats = self._made()

    def _made(self) -> Seats:
        plan, clock = self._plan, SystemClock()
        to_all = to_all_of(plan.to_all, plan.school, plan.heroes)
        issuer = DemoIssuer(Path(plan.home), plan.issuer, plan.audience)
        school, roles = plan.school, frozenset({Role.LEARNER})
        lessons = {course: school.lesson_ids(course) for course in range(1, school.courses + 1)}
        seats = {}
        for user in plan.users:
            viewer = Viewer(TenantId(school.tenant), UserId(str(user)), roles)
            token, course = issuer.token_for(viewer, clock), school.course_of(user)
            hand = Hand(school.class_id) if plan.hands else None
            seats[user] = Seat(
                self._heard, to_all, token, school.course_id(user), lessons[course], hand
            )
        return seats

    async def open(self) -> Opened:
        """At the rate of the plan, as far as the gateway keeps up."""
        now_s = asyncio.get_running_loop().time
        began_s, room = now_s(), asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as work:
            for nth, seat in enumerate(self._seats.values()):
                await asyncio.sleep(max(0.0, began_s + nth / self._plan.per_s - now_s()))
                await room.acquire()
                work.create_task(self._seated(nth, seat, room))
        ready = sum(seat.is_ready for seat in self._seats.values())
        return Opened(ready, now_s() - began_s, dict(self._tries))

    async def _seated(self, nth: int, seat: Seat, room: asyncio.Semaphore) -> None:
        try:
            for _ in range(TRIES):
                seat.forget()
                if await self._is_ready(nth, seat):
                    return
                await asyncio.sleep(PAUSE_S)
        finally:
            room.release()

    async def _is_ready(self, nth: int, seat: Seat) -> bool:
        try:
            socket = await self._connect(nth, seat)
        except OSError as refused:
            self._tries[type(refused).__name__] += 1
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                await seat.settled.wait()
        if not seat.is_ready:
            self._tries[seat.closed or "not ready in time"] += 1
            socket.drop()
        return seat.is_ready

    async def _connect(self, nth: int, seat: Seat) -> TinySocket:
        host, _, port = self._plan.gateway.partition(":")
        own = source_of(self._plan.nth, nth)
        _, socket = await asyncio.get_running_loop().create_connection(
            lambda: TinySocket(seat, self._plan.gateway), host, int(port), local_addr=own
        )
        return socket

    async def act(self) -> Found:
        """Each moment of each is as likely as every other: all of them together are a Poisson's."""
        now_s = asyncio.get_running_loop().time
        dice, everybody = Random(self._plan.nth), list(self._seats.values())
        rate = len(everybody) / self._plan.pace_s
        due_s = began_s = now_s()
        while (due_s := due_s + dice.expovariate(rate)) < began_s + self._plan.seconds:
            await asyncio.sleep(max(0.0, due_s - now_s()))
            seat = dice.choice(everybody)
            if not seat.is_free:
                self._busy += 1
            elif dice.random() < self._plan.hands:
                seat.move_hand(due_s)
            else:
                seat.act(due_s)
        await asyncio.sleep(max(0.0, began_s + self._plan.seconds - now_s()))
        await self._settled()
        return self._found()

    async def _settled(self) -> None:
        """What is under way ends, or never will."""
        ends_s = asyncio.get_running_loop().time() + SETTLE_S
        while asyncio.get_running_loop().time() < ends_s:
            if all(self._is_settled(seat) for seat in self._seats.values()):
                return
            await asyncio.sleep(LOOK_S)

    def _is_settled(self, seat: Seat) -> bool:
        has_heard = not seat.is_under_way and seat.told >= self._plan.heroes
        return bool(seat.closed) or has_heard

    def _found(self) -> Found:
        heard, seats = self._heard, self._seats
        return Found(
            heard.took,
            heard.answered,
            heard.hands,
            dict(heard.again),
            dict(heard.refused),
            dict(Counter(seat.closed for seat in seats.values() if seat.closed)),
            heard.anew,
            heard.skipped,
            heard.repeated,
            {number: dict(moments) for number, moments in heard.moments.items()},
            {user: seat.done for user, seat in seats.items() if seat.done},
            {user: seat.known for user, seat in seats.items() if seat.known > 0},
            [user for user, seat in seats.items() if seat.waits],
            self._busy,
        )

    def leave(self) -> None:
        for seat in self._seats.values():
            seat.leave()


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _say(what: Opened | Found) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


async def main() -> None:
    told = await _lines()
    learners = Learners(msgspec.json.decode(await told.readline(), type=Plan))
    _say(await learners.open())
    if await told.readline():
        _say(await learners.act())
        await told.read()
    learners.leave()


if __name__ == "__main__":
    allow_many()
    uvloop.run(main())
