"""G4: a body that is huge, endless, packed or slow is refused at the mark, and takes no memory."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from gateway.transport import body
from gateway.transport.body import MOST_BYTES, WITHIN_S
from gateway.transport.connection import HttpConnection
from gateway.transport.strict import decoded
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.raw import Answer, Raw, connected
from tests.stack import Stack
from tests.unit.gateway.test_http import Door

MB = 1_000_000
MOST_GROWTH_MB = 15
TOGETHER = 20
CHUNK = 10_000
SLOW_BY_S = 5.0
HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


def chunk(size: int) -> bytes:
    return b"%x\r\n%b\r\n" % (size, b"x" * size)


def large(name: str) -> bytes:
    return json.dumps({"query": "{ __typename }", name: "x" * 10 * MB}).encode()


async def declared(client: Raw, text: bytes) -> Answer:
    """All of it, however early the answer comes."""
    await client.say(HEAD + b"content-length: %d\r\n\r\n" % len(text) + text)
    return await client.answer()


async def large_query(client: Raw) -> Answer:
    return await declared(client, large("query"))


async def large_variables(client: Raw) -> Answer:
    return await declared(client, large("variables"))


async def without_length(client: Raw) -> Answer:
    """No more than the mark and a chunk: who answered has not waited for the rest."""
    await client.say(CHUNKED + b'4\r\n{"q"\r\n')
    for _ in range(MOST_BYTES // CHUNK):
        await client.say(chunk(CHUNK))
    return await client.answer()


async def packed(client: Raw) -> Answer:
    bomb = gzip.compress(large("query"))
    length = b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(bomb)
    await client.say(HEAD + length + bomb)
    return await client.answer()


async def slow(client: Raw) -> Answer:
    """A byte a second."""
    await client.say(HEAD + b"content-length: 1000\r\n\r\n")
    answered = asyncio.ensure_future(client.answer())
    while not answered.done():
        await client.say(b" ")
        await asyncio.wait([answered], timeout=1.0)
    return await answered


ATTACKS = {large_query: 413, large_variables: 413, without_length: 413, packed: 415, slow: 408}


@dataclass
class Memory:
    """The most that the gateway's processes grew by, together."""

    growth_mb: float = 0.0


@asynccontextmanager
async def watched(stack: Stack) -> AsyncIterator[Memory]:
    children = psutil.Process(stack.process.pid).children(recursive=True)
    gateways = [child for child in children if "gateway.main" in child.cmdline()]
    assert gateways
    before, memory = sum(one.memory_info().rss for one in gateways), Memory()

    async def look() -> None:
        while True:
            now = sum(one.memory_info().rss for one in gateways)
            memory.growth_mb = max(memory.growth_mb, (now - before) / MB)
            await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(look())
        yield memory
        looking.cancel()


async def attacked(url: str, attack: Callable[[Raw], object]) -> tuple[Answer, float]:
    """The answer, and how long it took in seconds."""
    async with connected(url) as client:
        began_s = time.monotonic()
        answer = await attack(client)  # type: ignore[misc]
        return answer, time.monotonic() - began_s


async def test_g4_bodies_are_refused_at_the_mark(stack: Stack, figure: Recorder) -> None:
    # What is loaded at the first request does not count.
    await asyncio.gather(*(attacked(stack.gateway, packed) for _ in range(TOGETHER)))

    async with watched(stack) as memory:
        said = {attack: await attacked(stack.gateway, attack) for attack in ATTACKS}
        many = (attacked(stack.gateway, large_query) for _ in range(TOGETHER))
        statuses = [answer.status for answer, _ in await asyncio.gather(*many)]

    refused = sum(said[attack][0].status == status for attack, status in ATTACKS.items())
    figure("G4", refused=refused, growth_mb=round(memory.growth_mb, 1))
    figure("G4", at_the_mark_ms=round(said[without_length][1] * 1e3, 1))
    figure("G4", slow_refused_after_s=round(said[slow][1], 1), at_once=TOGETHER)
    assert refused == n("G4")
    assert [said[attack][0].code != "" for attack in ATTACKS] == [True] * len(ATTACKS)
    assert set(statuses) == {413}
    assert memory.growth_mb <= MOST_GROWTH_MB
    assert WITHIN_S <= said[slow][1] <= WITHIN_S + SLOW_BY_S


@asynccontextmanager
async def served(home: Path) -> AsyncIterator[str]:
    async with serving(Door(home).app, http=HttpConnection) as url:
        yield url


async def test_g4_fails_without_the_mark(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = list[int]()

    def noted(text: bytes) -> object:
        taken.append(len(text))
        return decoded(text)

    monkeypatch.setattr("gateway.transport.body.decoded", noted)
    async with served(tmp_path) as url:
        await attacked(url, large_query)
        with_the_mark = sum(taken)

        monkeypatch.setattr(body, "MOST_BYTES", 1_000 * MB)
        await attacked(url, large_query)

    figure("G4", bytes_taken=with_the_mark, bytes_taken_without_the_mark=sum(taken))
    assert with_the_mark == 0
    assert sum(taken) > 10 * MB


async def test_g4_fails_without_the_time(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_let_go(url: str) -> bool:
        async with connected(url) as client:
            try:
                async with asyncio.timeout(2.0):
                    return (await slow(client)).status == 408
            except TimeoutError:
                return False

    async with served(tmp_path) as url:
        monkeypatch.setattr(body, "WITHIN_S", 0.3)
        with_the_time = await is_let_go(url)
        monkeypatch.setattr(body, "WITHIN_S", 1_000.0)
        without = await is_let_go(url)

    figure("G4", slow_held_without_the_time=int(not without))
    assert (with_the_time, without) == (True, False)
