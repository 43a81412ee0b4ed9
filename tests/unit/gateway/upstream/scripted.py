"""A transport that answers as it is told, on a clock that tests move."""

import asyncio
from collections.abc import Callable, Iterable

from gateway.upstream.terms import Terms
from gateway.upstream.upstreams import Upstreams
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.fakes.tenant import NOW

WELL, BROKEN = Reply(200, {}, b"{}"), Reply(503, {}, b"")
READ = Call("one", "POST", "http://one/x", is_read=True)
COMMAND = Call("one", "POST", "http://one/x")
TERMS = Terms(at_once=4, waiting=4, fair_s=0.5, hedges=True)
NAMES = ("one", "two", "three", "four")

Came = Reply | BaseException


class Scripted:
    """`says` is asked for each call, which is noted in `calls` when it comes."""

    def __init__(self, clock: FakeClock, says: Callable[[Call], Came] = lambda call: WELL) -> None:
        self.says = says
        self.takes_s = 0.0
        self.calls: list[Call] = []
        self._clock = clock

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        self.calls.append(call)
        self._clock.advance(self.takes_s)
        await asyncio.sleep(0)
        came = self.says(call)
        if isinstance(came, BaseException):
            raise came
        return came


class Town:
    """Four upstreams, and what `dice` says, in (0, 1]."""

    def __init__(self, terms: Terms = TERMS, dice: float = 0.5, names: Iterable[str] = NAMES):
        self.clock = FakeClock(NOW)
        self.dice = dice
        self.transport = Scripted(self.clock)
        self.counted: list[tuple[str, str]] = []
        self.upstreams = Upstreams(
            self.clock, lambda: self.dice, lambda *one: self.counted.append(one)
        )
        self.upstreams.add(names, self.transport, terms)

    async def ask(self, call: Call = READ, seconds: float = 1.0) -> Came:
        """What came of it, errors too."""
        try:
            return await self.upstreams.send(call, Deadline.within(self.clock, seconds))
        except Exception as failed:
            return failed

    async def fail(self, name: str = "one", times: int = 12) -> None:
        """Commands without a key, which nobody repeats."""
        said, self.transport.says = self.transport.says, lambda call: BROKEN
        for _ in range(times):
            await self.ask(Call(name, "POST", f"http://{name}/x"))
        self.transport.says = said
