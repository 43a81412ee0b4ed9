"""C11: whoever goes away in the middle of a command leaves nobody a reply that is not theirs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

import hiredis
import pytest

from gateway.cache import lane
from gateway.cache.far import RedisFar
from gateway.cache.lane import Batch, Lane
from tests import valkey
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.gateway.cache.servers import process

NAMES = 200
AT_ONCE = 500
MOST_TICKS = 12
LASTS_S = 3_600.0
PATIENT_S, IMPATIENT_S = 20.0, 2.0
"""A busy machine makes nobody lose a reply; whoever does lose theirs is waited for so long."""

Get = Callable[[str], Awaitable[bytes | None]]


@dataclass(slots=True)
class Told:
    """Of those who stayed: who got another's value, and who none."""

    cancelled: int = 0
    stayed: int = 0
    shifted: int = 0
    lost: int = 0

    def take(self, name: str, body: bytes | None) -> None:
        self.stayed += 1
        self.lost += body is None
        self.shifted += body is not None and body != name.encode()


@pytest.fixture
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


async def test_c11_nobody_gets_anothers_reply(
    server: valkey.Server, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    wait(monkeypatch, PATIENT_S)
    async with process(server.url) as far:
        await fill(far)
        told = await asked_and_cancelled(far.get, n("C11"))

    figure("C11", commands=n("C11"), cancelled=told.cancelled, shifted=told.shifted)
    figure("C11", lost=told.lost)
    assert told.cancelled > n("C11") // 4
    assert (told.shifted, told.lost) == (0, 0)


async def test_c11_fails_without_a_task_for_each_batch(
    server: valkey.Server, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """The first who asks sends for all, and takes the replies along when they go."""
    wait(monkeypatch, IMPATIENT_S)
    async with process(server.url) as far:
        await fill(far)
        monkeypatch.setattr(Lane, "ask", sent_by_the_first)
        told = await asked_and_cancelled(far.get, 2_000)

    figure("C11", lost_without_a_task_for_each_batch=told.lost)
    assert told.lost > 0


async def test_c11_fails_without_knowing_whose_reply_is_next(
    server: valkey.Server, figure: Recorder
) -> None:
    """A connection that is used on after somebody left it in the middle."""
    async with process(server.url) as far:
        await fill(far)
    async with careless(server) as get:
        told = await asked_and_cancelled(get, 2_000)

    figure("C11", shifted_on_a_careless_connection=told.shifted)
    assert told.shifted > 0


def wait(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(lane, "ANSWER_S", seconds)
    monkeypatch.setattr(lane, "LONGEST_S", 2 * seconds)


async def fill(far: RedisFar) -> None:
    """Each entry says whose it is."""
    names = [f"owner {nth}" for nth in range(NAMES)]
    await asyncio.gather(*(far.set(name, name.encode(), LASTS_S) for name in names))


async def asked_and_cancelled(get: Get, commands: int) -> Told:
    """About half go away, each after some ticks of the loop."""
    told, chance = Told(), Random(11)
    for _ in range(0, commands, AT_ONCE):
        names = [f"owner {chance.randrange(NAMES)}" for _ in range(AT_ONCE)]
        await asyncio.gather(*(one(get, name, chance, told) for name in names))
    return told


async def one(get: Get, name: str, chance: Random, told: Told) -> None:
    for _ in range(chance.randrange(MOST_TICKS)):
        await asyncio.sleep(0)
    asking = asyncio.ensure_future(get(name))
    if chance.random() < 0.5:
        for _ in range(chance.randrange(MOST_TICKS)):
            await asyncio.sleep(0)
        told.cancelled += asking.cancel()
    [body] = await asyncio.gather(asking, return_exceptions=True)
    if not isinstance(body, BaseException):
        told.take(name, body)


async def sent_by_the_first(self: Lane, *command: object) -> object:
    is_first = not self._waiting
    if is_first:
        self._waiting.append(Batch(self._give_up))
    batch = self._waiting[-1]
    answer = batch.add(command)
    if is_first:
        await asyncio.sleep(0)
        self._waiting.remove(batch)
        await self._travel(batch)
    return await answer


@asynccontextmanager
async def careless(server: valkey.Server) -> AsyncIterator[Get]:
    reading, writing = await asyncio.open_connection("127.0.0.1", server.port)
    parser, turn = hiredis.Reader(), asyncio.Lock()

    async def get(name: str) -> bytes | None:
        async with turn:
            key = f"cache:{{{name}}}"
            writing.write(f'GET "{key}"\r\n'.encode())
            while (reply := parser.gets()) is False:
                parser.feed(await reading.read(65_536))
            assert isinstance(reply, bytes)
            return reply

    yield get
    writing.close()
    await writing.wait_closed()
