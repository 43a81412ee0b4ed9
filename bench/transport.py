"""What one upstream call costs us in CPU: our transport, and two clients of others."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import click
import httpx
import uvloop
from pyreqwest.client import ClientBuilder

from bench import report
from bench.measure import Work, measure
from bench.sides import Round, Side, cpu_ms, take_turns
from bench.tiny_server import tiny_server
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call
from services.kit.transport import HttpTransport

WAITS_S = 30.0
COLUMNS = ["", "CPU µs a call", "ratio to ours", "calls/s", "p95 ms"]


@dataclass(frozen=True, slots=True)
class Clients:
    ours: Side
    pyreqwest: Side
    httpx: Side

    def all(self) -> tuple[Side, Side, Side]:
        return self.ours, self.pyreqwest, self.httpx


@asynccontextmanager
async def clients(url: str, at_once: int) -> AsyncIterator[Clients]:
    """All with a limit of time and as many connections as there are calls at once."""
    transport, clock = HttpTransport(at_once), SystemClock()
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    bare = ClientBuilder().no_proxy().max_connections(at_once).timeout(timedelta(seconds=WAITS_S))

    async def by_ours() -> object:
        return await transport.send(Call("bench", "GET", url), Deadline.within(clock, WAITS_S))

    async def by_pyreqwest() -> object:
        return await (await pyreqwest.get(url).build().send()).bytes()

    async with (
        bare.build() as pyreqwest,
        httpx.AsyncClient(limits=limits, timeout=WAITS_S, trust_env=False) as plain,
    ):
        yield Clients(
            Side("HttpTransport (ours)", by_ours),
            Side("pyreqwest, bare", by_pyreqwest),
            Side("httpx", lambda: plain.get(url)),
        )
    await transport.close()


async def compare(url: str, at_once: int, seconds: float, rounds: int) -> Clients:
    async def measure_one(work: Work) -> Round:
        """The CPU is that of this whole process, the threads of the client included."""
        began_s = time.process_time()
        measured = await measure(work, at_once, seconds)
        return Round(measured, (time.process_time() - began_s) * 1000 / measured.count)

    async with clients(url, at_once) as compared:
        for side in compared.all():
            # Connections are opened before anything is measured.
            await asyncio.gather(*(side.work() for _ in range(at_once)))
        await take_turns(compared.all(), rounds, measure_one)
        return compared


def tell(compared: Clients, at_once: int) -> None:
    rows = [
        [
            side.name,
            us(side),
            side.times(compared.ours, cpu_ms),
            side.measured.per_s,
            side.measured.p95_ms,
        ]
        for side in compared.all()
    ]
    report.show(f"An upstream call, {at_once} at once", COLUMNS, rows, notes(compared))


def notes(compared: Clients) -> list[str]:
    ours, bare, plain = compared.all()
    return [
        f"A page of 100 upstream calls costs {ours.cpu_ms * 100:.1f} ms of CPU by our transport, "
        f"{bare.cpu_ms * 100:.1f} ms by pyreqwest and {plain.cpu_ms * 100:.1f} ms by httpx.",
        "Ours has the total deadline, the cap on the answer, the errors and the trace in it, and "
        "ends a call that was given up; pyreqwest goes on with it.",
    ]


def us(side: Side) -> float:
    return side.cpu_ms * 1000


def figures(compared: Clients, at_once: int) -> dict[str, object]:
    return {
        "at_once": at_once,
        "ours_us": round(us(compared.ours), 1),
        "pyreqwest_us": round(us(compared.pyreqwest), 1),
        "httpx_us": round(us(compared.httpx), 1),
        "ours_per_s": round(compared.ours.measured.per_s, 1),
        "httpx_to_ours": round(compared.httpx.times(compared.ours, cpu_ms), 2),
        "pyreqwest_to_ours": round(compared.pyreqwest.times(compared.ours, cpu_ms), 2),
    }


@click.command(help=__doc__)
@click.option("--at-once", default=50, show_default=True, help="Calls made at once.")
@click.option("--seconds", default=2.0, show_default=True, help="How long each round takes.")
@click.option("--rounds", default=5, show_default=True, help="Rounds of each, in turns.")
@report.json_option
def main(at_once: int, seconds: float, rounds: int, as_json: bool) -> None:
    with tiny_server() as url:
        compared = uvloop.run(compare(url, at_once, seconds, rounds))
    tell(compared, at_once)
    report.end(figures(compared, at_once), as_json)


if __name__ == "__main__":
    main()
