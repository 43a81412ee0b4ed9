"""S3: whoever asks much and reads nothing is sent away in time, and makes nobody else wait."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from websockets.asyncio.client import ClientConnection, connect

from gateway.transport.bounds import Bounds
from tests.fakes.tenant import LEARNER, lesson_id
from tests.faults.attentive import followers
from tests.faults.registry import n
from tests.faults.stuck import Stuck, noting
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.unit.gateway.test_websocket import PROTOCOL, TOPIC, UPDATES, Door, closed, heard, say

pytestmark = pytest.mark.usefixtures("settled")
OTHERS_EACH = 9
ENOUGH, MUCH = (6, 20_000), (8, 50_000)
"""Operations, and the letters of their ids, which each message bears: three of the first fill what
a socket has room for. What waits beyond that is held while it waits, so much of it by few only.
"""
FEW = 20
WAIT_S, NOISE_S = Bounds().send_wait_s, 1.5
MOST_GROWN_MB = 100


@dataclass
class Told:
    """`held` are the slow readers still there when their time was over, `blocked_for_s` so long."""

    others_told: int = 0
    told_before_any_left: bool = False
    told_s: float = 0.0
    held: int = 0
    blocked_for_s: float = 0.0
    grown_mb: int = 0
    closed_1013: int = 0


@asynccontextmanager
async def narrow(door: Door) -> AsyncIterator[ClientConnection]:
    """Its client takes little that it does not read."""
    at = urlsplit(door.url)
    own = socket.socket()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    own.setblocking(False)
    await asyncio.get_running_loop().sock_connect(own, (at.hostname, at.port))
    opening = connect(
        door.url, sock=own, subprotocols=[PROTOCOL], max_queue=1, compression=None,
        ping_interval=None, close_timeout=1.0, proxy=None,
    )  # fmt: skip
    async with opening as opened:
        payload = {"authorization": f"Bearer {door.token}"}
        await say(opened, type="connection_init", payload=payload)
        assert await heard(opened) == {"type": "connection_ack"}
        yield opened


async def follow(opened: ClientConnection) -> None:
    await say(opened, type="subscribe", id="1", payload={"query": UPDATES})
    assert (await heard(opened))["type"] == "next"


async def ask_much(slow: ClientConnection, asked: tuple[int, int]) -> None:
    """Nothing is read any more: what is told fills the kernel's buffers, and then the server's."""
    slow.transport.pause_reading()
    count, letters = asked
    for nth in range(count):
        id_ = f"{nth}" + "x" * letters
        await say(slow, type="subscribe", id=id_, payload={"query": "{ __typename }"})


async def fate(slow: ClientConnection, stuck: Stuck) -> int | None:
    """The code it was closed with, which it reads at last; None: it is still there."""
    try:
        async with asyncio.timeout(WAIT_S + NOISE_S):
            await stuck.over[slow.local_address[1]].wait()
    except TimeoutError:
        return None
    slow.transport.resume_reading()
    return await closed(slow)


async def amid_slow_readers(
    door: Door, slow: int, others: int, asked: tuple[int, int] = ENOUGH
) -> Told:
    """An event for all while some are stuck; then a look at who is still there, and why not."""
    told, stuck, departures = Told(), Stuck(), door.endpoint.departures

    async def are_stuck() -> bool:
        return len(stuck.since_s) == slow

    async with (
        door.opened(ws=noting(stuck)),
        followers(door, others) as many,
        AsyncExitStack() as held,
    ):
        few = [await held.enter_async_context(narrow(door)) for _ in range(slow)]
        await asyncio.gather(*(follow(one) for one in few))
        before = _rss_mb()
        await asyncio.gather(*(ask_much(one, asked) for one in few))
        await until(are_stuck)
        began_s = time.monotonic()
        door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        door.platform.topics.tell(TOPIC)
        events = await asyncio.gather(*(one.heard() for one in many))
        told.told_s = time.monotonic() - began_s
        told.told_before_any_left = len(departures) == slow + others
        told.others_told = sum(
            one["payload"]["data"]["progressUpdated"]["completed"] == 1 for one in events
        )
        amid = _rss_mb()
        codes = await asyncio.gather(*(fate(one, stuck) for one in few))
        told.grown_mb = max(amid, _rss_mb()) - before
        told.held, told.closed_1013 = len(departures) - others, codes.count(1013)
        told.blocked_for_s = max(stuck.for_s.values(), default=0.0)
        for one in few:
            one.transport.abort()
    return told


def _rss_mb() -> int:
    return int(psutil.Process(os.getpid()).memory_info().rss) // 1_000_000


async def test_s3_slow_readers_are_sent_away_and_others_do_not_wait(
    tmp_path: Path, figure: Recorder
) -> None:
    slow, others = n("S3"), n("S3") * OTHERS_EACH
    told = await amid_slow_readers(Door(tmp_path, sockets_a_viewer=slow + others), slow, others)

    figure("S3", slow=slow, others=others, evicted=slow - told.held, closed_1013=told.closed_1013)
    figure("S3", evicted_within_s=round(told.blocked_for_s, 1), grown_mb=told.grown_mb)
    figure("S3", others_told=told.others_told, others_told_s=round(told.told_s, 2))
    assert told.others_told == others
    assert told.told_before_any_left
    assert told.held == 0
    assert told.blocked_for_s <= WAIT_S + NOISE_S
    assert told.closed_1013 == slow
    assert told.grown_mb <= MOST_GROWN_MB


async def test_s3_who_asks_for_much_meanwhile_is_sent_away_too(
    tmp_path: Path, figure: Recorder
) -> None:
    others = FEW * OTHERS_EACH
    door = Door(tmp_path, sockets_a_viewer=FEW + others)
    told = await amid_slow_readers(door, FEW, others, MUCH)

    figure("S3", asked_much=FEW, closed_1013_of_these=told.closed_1013, grown_by=told.grown_mb)
    assert told.others_told == others
    assert told.told_before_any_left
    assert told.closed_1013 == FEW
    assert told.blocked_for_s <= WAIT_S + NOISE_S
    assert told.grown_mb <= MOST_GROWN_MB


async def test_s3_fails_without_a_bound_of_patience(tmp_path: Path, figure: Recorder) -> None:
    slow, others = n("S3") // 5, n("S3") // 5
    door = Door(tmp_path, sockets_a_viewer=slow + others, send_wait_s=60.0)
    told = await amid_slow_readers(door, slow, others)

    figure("S3", held_without_a_bound=told.held, of=slow)
    assert told.held == slow
