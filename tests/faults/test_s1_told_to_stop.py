"""S1: a gateway that is told to stop drops nothing, and its sockets move to another one by one."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from legacy.monolith.database import Connection
from tests.faults.moving import End, Subscriber, listening, peak_a_second
from tests.faults.one_port import LESSONS, Port, one_port
from tests.faults.proxy import Mode
from tests.faults.registry import n
from tests.figures import Recorder, is_full
from tests.integration.monolith.waiting import until
from tests.learner import Someone
from tests.pair import Server
from tests.stack import Stack

DRAIN_S = 20.0 if is_full() else 6.0
QUERIES = n("S1") // 25
MOST_CLOSES_A_SECOND = 500
EXIT_S = 30.0
SLOW_S = 1.5
AGAIN_S = 0.2
ASKS = "{ viewer { courses(first: 5) { edges { node { progress { completed } } } } } }"
RESTART = 1012


@dataclass
class Asking:
    """Queries that are under way when it begins to stop, and those asked ever after."""

    port: Port
    answered: int = 0
    dropped: list[str] = field(default_factory=list)

    async def one(self, who: Someone) -> None:
        try:
            await who.ask(ASKS)
            self.answered += 1
        except Exception as failed:
            self.dropped.append(repr(failed))

    async def all(self) -> None:
        """Whoever asks keeps their connection, to the process that answered."""
        await asyncio.gather(*map(self.one, self.port.people))

    @asynccontextmanager
    async def under_way(self, many: int) -> AsyncIterator[int]:
        """At least so many, at the first process; those of the second are answered at once."""
        self.port.proxy.turn(Mode.DELAY, SLOW_S)
        async with asyncio.TaskGroup() as work:
            tasks: list[asyncio.Task[None]] = []
            pending = 0
            while pending < many:
                tasks += [work.create_task(self.one(who)) for who in self.port.people]
                await asyncio.sleep(0.3)
                pending = sum(not task.done() for task in tasks)
            yield pending
            await asyncio.gather(*tasks)
            self.port.proxy.turn(Mode.PASS)

    async def completing(self, nth: int) -> None:
        """Until everybody has: what is not answered is asked again, under the same key."""
        while True:
            try:
                return await self.port.complete(nth)
            except Exception as failed:
                self.dropped.append(repr(failed))
                await asyncio.sleep(AGAIN_S)

    async def ever_after(self) -> None:
        while True:
            for who in self.port.people[:5]:
                await self.one(who)


@dataclass
class Stopped:
    """What became of it."""

    subscribers: list[Subscriber]
    asking: Asking
    in_flight: int = 0
    exit_s: float = 0.0

    @property
    def ends(self) -> list[End]:
        return [one.ends[0] for one in self.subscribers if one.ends]

    @property
    def peak(self) -> int:
        return peak_a_second([end.at_s for end in self.ends])

    @property
    def missed(self) -> int:
        return sum(one.seen[-1] != LESSONS for one in self.subscribers)

    @property
    def went_back(self) -> int:
        return sum(one.seen != sorted(one.seen) for one in self.subscribers)

    async def is_all_told(self) -> bool:
        return self.missed == 0


def exit_s(server: Server) -> float:
    """From SIGTERM on."""
    server.process.send_signal(signal.SIGTERM)
    began_s = time.monotonic()
    server.process.wait(2 * EXIT_S)
    return time.monotonic() - began_s


async def stopped(port: Port) -> Stopped:
    """SIGTERM amid it all, and lessons completed while sockets move."""
    told = Stopped(port.subscribers(n("S1")), Asking(port))
    async with listening(told.subscribers):
        await told.asking.all()
        await port.join()
        async with (
            told.asking.under_way(QUERIES) as told.in_flight,
            asyncio.TaskGroup() as meanwhile,
        ):
            asking = meanwhile.create_task(told.asking.ever_after())
            ending = meanwhile.create_task(asyncio.to_thread(exit_s, port.first))
            for nth in range(LESSONS):
                await told.asking.completing(nth)
            told.exit_s = await ending
            asking.cancel()
        with suppress(TimeoutError):
            await until(told.is_all_told, most_s=20.0)
    return told


async def test_s1_told_to_stop_it_drops_nothing(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    settings = {"drain_s": str(DRAIN_S)}
    async with one_port(stack, monolith_db, tmp_path, n("S1"), **settings) as port:
        told = await stopped(port)

    dropped, codes = told.asking.dropped, Counter(end.code for end in told.ends)
    figure("S1", subscriptions=n("S1"), in_flight=told.in_flight, answered=told.asking.answered)
    figure("S1", dropped_queries=len(dropped), missed_versions=told.missed)
    figure("S1", peak_closes_a_s=told.peak, exit_s=round(told.exit_s, 1), drain_s=DRAIN_S)
    assert dropped == []
    assert codes == {RESTART: n("S1")}
    assert all('"resume":"after"' in end.reason for end in told.ends)
    assert all(one.says["complete"] == 0 for one in told.subscribers)
    assert told.peak <= min(MOST_CLOSES_A_SECOND, 3 * n("S1") / DRAIN_S)
    assert told.exit_s <= EXIT_S
    assert (told.missed, told.went_back) == (0, 0)


async def test_s1_fails_without_the_drain(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    module, settings = "tests.faults.undrained_gateway", {"drain_s": str(DRAIN_S)}
    async with one_port(stack, monolith_db, tmp_path, n("S1"), module, **settings) as port:
        told = await stopped(port)

    figure("S1", peak_closes_a_s_without_a_drain=told.peak, of=n("S1"))
    assert told.peak > 0.9 * n("S1")
