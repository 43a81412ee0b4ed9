"""`python -m bench.sockets`: what one open socket costs a gateway process of this machine.

The process is one of its own, without upstreams and Redis; the client is this process. Memory is
the process's resident set, before and behind; the kernel's share (9 KB or so) is not in it.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import click
import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.rivals.running import await_open
from deploy.ports import free_base
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.settings import Settings

PROTOCOL = Subprotocol("graphql-transport-ws")
SUBSCRIPTION = "subscription { platformStatusUpdated { capabilities { name } } }"
AT_ONCE, SETTLE_S = 20, 1.0
SOCKETS_A_VIEWER = 10


@contextmanager
def gateway(home: Path) -> Iterator[tuple[str, psutil.Process]]:
    port = free_base(33_000, ["gateway"])
    own = {k: v for k, v in os.environ.items() if not k.startswith("BANYAN_")}
    settings = {"BANYAN_HOME": str(home), "BANYAN_PORT": str(port), "BANYAN_VIEWER_RATE": "0"}
    with (home / "gateway.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway.main"], env={**own, **settings}, stdout=log, stderr=log
        )
    try:
        await_open(port, [process])
        yield f"ws://127.0.0.1:{port}/graphql", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


@asynccontextmanager
async def opened(url: str, bearer: str, subscriptions: int) -> AsyncIterator[ClientConnection]:
    opening = connect(
        url, subprotocols=[PROTOCOL], compression=None, ping_interval=None, open_timeout=60
    )
    async with opening as socket:
        payload = {"authorization": f"Bearer {bearer}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        await expect(socket, "connection_ack")
        for nth in range(subscriptions):
            asked = {"type": "subscribe", "id": str(nth), "payload": {"query": SUBSCRIPTION}}
            await socket.send(json.dumps(asked))
            await expect(socket, "next")
        yield socket


async def expect(socket: ClientConnection, kind: str) -> None:
    said = json.loads(await socket.recv())
    if said["type"] != kind:
        raise click.ClickException(f"The gateway said {said}, and no {kind}.")


async def cost(
    url: str, process: psutil.Process, bearers: list[str], many: int, subscriptions: int
) -> tuple[float, float]:
    """KB a socket, and µs of the gateway's CPU to open one."""
    async with AsyncExitStack() as held:
        await open_some(held, url, bearers[-2:] * (AT_ONCE // 2), subscriptions)
        await asyncio.sleep(SETTLE_S)
        before, cpu = process.memory_info().rss, sum(process.cpu_times()[:2])
        for first in range(0, many, AT_ONCE):
            some = range(first, min(first + AT_ONCE, many))
            shown = [bearers[nth // SOCKETS_A_VIEWER] for nth in some]
            await open_some(held, url, shown, subscriptions)
        took = sum(process.cpu_times()[:2]) - cpu
        await asyncio.sleep(SETTLE_S)
        grown = process.memory_info().rss - before
        return grown / 1_024 / many, took * 1e6 / many


async def open_some(held: AsyncExitStack, url: str, bearers: list[str], subscriptions: int) -> None:
    """A few at once; only so many may be silent at one time."""
    sockets = [opened(url, bearer, subscriptions) for bearer in bearers]
    await asyncio.gather(*(held.enter_async_context(one) for one in sockets))


def tokens(home: Path, many: int) -> list[str]:
    known = Settings()
    issuer = DemoIssuer(home, known.token_issuer, known.token_audience)
    viewers = [
        Viewer(TenantId("bench"), UserId(str(nth)), frozenset({Role.LEARNER}))
        for nth in range(many)
    ]
    return [issuer.token_for(one, SystemClock()) for one in viewers]


@click.command()
@click.option("--sockets", default=2_000, type=click.IntRange(20, 15_000), show_default=True)
@click.option("--subscriptions", default=2, type=click.IntRange(0, 10), show_default=True)
def main(sockets: int, subscriptions: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, began_s = Path(folder), time.monotonic()
        bearers = tokens(home, sockets // SOCKETS_A_VIEWER + 2)
        with gateway(home) as (url, process):
            kb, us = asyncio.run(cost(url, process, bearers, sockets, subscriptions))
    click.echo(f"{sockets} sockets with {subscriptions} subscriptions each:")
    click.echo(f"  {kb:.1f} KB a socket, {us:.0f} µs to open one")
    click.echo(f"  {time.monotonic() - began_s:.0f} s in all")


if __name__ == "__main__":
    main()
