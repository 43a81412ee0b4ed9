"""Measures pages of a running system: their time, upstream calls, and the gateway's CPU."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import click
import psutil

from bench.access_log import AccessLog
from bench.measure import Work, measure
from bench.sides import Round
from bench.system import System

MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class Meter:
    log: AccessLog
    gateways: Sequence[psutil.Process]
    callers: int
    seconds: float

    @classmethod
    def of(cls, system: System, callers: int, seconds: float) -> "Meter":
        log = AccessLog(system.monolith_log)
        return cls(log, system.processes("gateway.main"), callers, seconds)

    async def calls_of(self, work: Work) -> list[str]:
        """What one page asks the monolith, once two in a row asked the same."""
        before: list[str] = []
        for _ in range(MOST_TRIES):
            place = self.log.end()
            await work()
            calls = sorted(self.log.since(place))
            if calls == before:
                return calls
            before = calls
        raise click.ClickException("Somebody else uses this system: what is asked never settles.")

    async def warm(self, work: Work) -> None:
        """Callers at once, so that each gateway process gets some: they sign in, once for all."""
        for _ in range(2):
            await asyncio.gather(*(work() for _ in range(self.callers)))

    async def measure(self, work: Work) -> Round:
        place, cpu_s = self.log.end(), self._cpu_s()
        measured = await measure(work, self.callers, self.seconds)
        cpu_ms = (self._cpu_s() - cpu_s) * 1000 / measured.count
        return Round(measured, cpu_ms, len(self.log.since(place)) / measured.count)

    def _cpu_s(self) -> float:
        times = [process.cpu_times() for process in self.gateways]
        return sum(one.user + one.system for one in times)
