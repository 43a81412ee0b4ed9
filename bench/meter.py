"""Measures pages of a running system: their time, upstream calls, and the gateway's CPU."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import click
import psutil

from bench.access_log import AccessLog, AccessLogs
from bench.measure import Work, measure
from bench.sides import Round
from bench.system import System

MOST_TRIES = 20
SERVICES = ("assessment", "progress", "live_class")


@dataclass(frozen=True, slots=True)
class Meter:
    """`old` is the monolith's log; the gateway reads there by GET, and asks the `new` by POST."""

    old: AccessLogs
    new: AccessLogs
    gateways: Sequence[psutil.Process]
    callers: int
    seconds: float

    @classmethod
    def of(cls, system: System, callers: int, seconds: float) -> "Meter":
        old = AccessLogs([AccessLog(system.log("monolith"), "GET")])
        # Events are read from the services by GET too: they are nobody's page.
        new = AccessLogs([AccessLog(system.log(one), "POST") for one in SERVICES])
        return cls(old, new, system.processes("gateway.main"), callers, seconds)

    async def calls_of(self, work: Work) -> list[str]:
        """What one page asks the monolith, once two in a row asked the same."""
        before: list[str] = []
        for _ in range(MOST_TRIES):
            places = self.old.end()
            await work()
            calls = sorted(self.old.since(places))
            if calls == before:
                return calls
            before = calls
        raise click.ClickException("Somebody else uses this system: what is asked never settles.")

    async def warm(self, work: Work) -> None:
        """Callers at once, so that each gateway process gets some and signs in, unmeasured.

        What fails here fails on a connection that was closed for idling, or again when measured.
        """
        pages = (work() for _ in range(self.callers))
        await asyncio.gather(*pages, return_exceptions=True)

    async def measure(self, work: Work) -> Round:
        old, new, cpu_s = self.old.end(), self.new.end(), self._cpu_s()
        measured = await measure(work, self.callers, self.seconds)
        cpu_ms = (self._cpu_s() - cpu_s) * 1000 / measured.count
        old_calls = len(self.old.since(old)) / measured.count
        return Round(measured, cpu_ms, old_calls, len(self.new.since(new)) / measured.count)

    def _cpu_s(self) -> float:
        times = [process.cpu_times() for process in self.gateways]
        return sum(one.user + one.system for one in times)
