"""Turns what a tenant reads to the other side in a running system, and back at the end."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from bench.system import System
from flags.change import BadChange, Change
from flags.document import BadFlags, Document, Feature
from flags.file import FlagFile
from flags.names import COURSE_READ, LIVE_CLASS_SCHEDULE, PROGRESS_READ, Capability, Side
from flags.rollout import default_rollout, feature_of

READS = (COURSE_READ, PROGRESS_READ, LIVE_CLASS_SCHEDULE)
PERCENT = {Side.LEGACY: 0, Side.SERVICE: 100}

LOADED = b'"event": "flags.loaded"'
LOADED_WITHIN_S = 10.0
LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class Lever:
    """`logs` are those of the gateway's processes, of which there are `gateways`."""

    home: Path
    tenant: str
    logs: Sequence[Path]
    gateways: int

    @classmethod
    def of(cls, running: System, tenant: str) -> "Lever":
        logs = sorted(running.log("gateway").parent.glob("gateway*.log"))
        return cls(running.home, tenant, logs, len(running.processes("gateway.main")))

    async def turn(self, side: Side) -> None:
        """Returns once every process of the gateway has it."""
        for capability in READS:
            # One by one: a list that is loaded after a change, the one before being loaded
            # already, is the changed one.
            await self._turn(capability, PERCENT[side])

    async def _turn(self, capability: Capability, percent: int) -> None:
        ends = [log.stat().st_size for log in self.logs]
        try:
            Change(capability, percent, self.tenant).applied(self.home)
            async with asyncio.timeout(LOADED_WITHIN_S):
                await self._until_loaded(ends)
        except (BadChange, BadFlags) as refused:
            raise click.ClickException(str(refused)) from refused
        except TimeoutError as silent:
            raise click.ClickException("The gateway does not take its flags.") from silent

    async def _until_loaded(self, ends: Sequence[int]) -> None:
        while True:
            both = zip(self.logs, ends, strict=True)
            if sum(LOADED in log.read_bytes()[end:] for log, end in both) >= self.gateways:
                return
            await asyncio.sleep(LOOK_EVERY_S)


@contextmanager
def flags_kept(home: Path) -> Iterator[None]:
    """What is turned inside the block is behind it as it was before."""
    file = FlagFile(home)
    file.ensure()
    before = _reads(file.read())
    try:
        yield
    finally:
        for feature, now in zip(before, _reads(file.read()), strict=True):
            if feature != now:
                file.change(partial(_put, feature))


def _reads(document: Document) -> list[Feature]:
    """A capability that is not listed stands where it would by default."""
    return [document.feature(one.name) or feature_of(one, default_rollout(one)) for one in READS]


def _put(feature: Feature, document: Document) -> Feature:
    return feature
