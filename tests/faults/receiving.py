"""A receiver in a process of its own, that a test asks what reached it, and guards before it."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from gateway.upstream.setup import dice
from gateway.upstream.terms import Terms
from gateway.upstream.upstreams import Upstreams
from services.kit.clock import Clock, SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call
from services.kit.transport import HttpTransport
from tests import pair
from tests.receiver import Heard, Way

NAMES = ("legacy", "assessment", "progress", "live_class", "feeder")
TERMS = Terms(at_once=64, waiting=2_048, fair_s=0.5)
BUDGET_S = 1.0


@dataclass(frozen=True, slots=True)
class Receiving:
    url: str

    async def be(self, way: Way) -> None:
        async with httpx.AsyncClient() as client:
            await client.get(f"{self.url}/be/{way}")

    async def heard(self) -> list[Heard]:
        """Those that ended since it was last asked, and those that did not yet."""
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{self.url}/heard")
        return msgspec.json.decode(answer.content, type=list[Heard])


@contextmanager
def receiving(home: Path) -> Iterator[Receiving]:
    with pair.server(home, "tests.receiver", "RECEIVER_PORT", "/health", {}) as server:
        yield Receiving(server.url)


@dataclass
class Guarded:
    """Guards as the gateway has them, before one address; `counted` are the kinds of failure."""

    upstreams: Upstreams
    transport: HttpTransport
    url: str
    clock: Clock
    counted: list[tuple[str, str]]

    async def ask(
        self, upstream: str = "assessment", url: str = "", within_s: float = BUDGET_S
    ) -> bool:
        """A read; whether it was answered."""
        call = Call(upstream, "GET", url or f"{self.url}/{upstream}", is_read=True)
        try:
            reply = await self.upstreams.send(call, Deadline.within(self.clock, within_s))
        except Exception as failed:
            self.counted.append((upstream, type(failed).__name__))
            return False
        return reply.status == 200


@asynccontextmanager
async def guarded(
    url: str,
    clock: Clock | None = None,
    terms: Terms = TERMS,
    connections: int = 320,
    names: Iterable[str] = NAMES,
) -> AsyncIterator[Guarded]:
    transport, clock = HttpTransport(connections), clock or SystemClock()
    upstreams = Upstreams(clock, dice)
    upstreams.add(names, transport, terms)
    yield Guarded(upstreams, transport, url, clock, [])
    await transport.close()
