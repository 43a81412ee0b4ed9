"""All who follow one class, in one of the ways in which an event can come to them."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Self
from unittest.mock import patch

import click

from bench.fanout_class import BEGINS, FOLLOWING, TENANT, VARIABLES, BusyClass, engine_of
from bench.fanout_reader import Arrivals, Reader, Socket
from gateway.operation.ask import Ask
from gateway.realtime.groups import Groups
from gateway.realtime.rights import LASTS_S, Rights
from gateway.realtime.rounds import PACE_S
from gateway.realtime.sharing import Sharing
from resolvers.sight import Sight
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock

WITHIN_S = 300.0


class Quiet:
    """A log of changes in which there are none: a verdict holds until it is too old."""

    notes = heeded = 0
    is_deaf = False

    def is_current(self, as_of: int, tags: Iterable[str]) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Way:
    """`is_judged`: every verdict is too old by then; `is_named`: each calls it by an own id."""

    is_shared: bool = True
    is_judged: bool = False
    is_named: bool = False

    def sharing(self) -> AbstractContextManager[object]:
        if self.is_shared:
            return nullcontext()
        return patch.object(Sharing, "is_told_alike", lambda *given: False)


@dataclass(frozen=True, slots=True)
class Told:
    """One event: CPU µs of this process a subscriber, ms until the last had it."""

    us: float
    ms: float


class Crowd:
    def __init__(self, way: Way, many: int) -> None:
        self.busy, self.arrivals = BusyClass(), Arrivals()
        self.readers = [Reader(self.arrivals) for _ in range(many)]
        self._way = way
        self._clock = FakeClock(BEGINS)
        self._groups = Groups(Rights(Quiet(), self._clock))

    @classmethod
    async def gathered(cls, way: Way, many: int) -> Self:
        """Each has joined and was told how the class stands, and of one event."""
        made = cls(way, many)
        made.arrivals.expect(many)
        with way.sharing():
            await made._join()
        await made.arrivals.all(WITHIN_S)
        await made.tell()
        return made

    async def _join(self) -> None:
        engine = engine_of(self.busy, self._groups)
        for nth, reader in enumerate(self.readers):
            viewer = Viewer(TenantId(TENANT), UserId(str(nth)), frozenset({Role.LEARNER}))
            socket = Socket(viewer, reader)
            member = socket.listening(f"{nth:08x}" if self._way.is_named else "1")
            operation = await engine.read(Ask(query=FOLLOWING, variables=VARIABLES), viewer)
            tongue = socket.wire.tongue
            wrong = await self._groups.join(member, engine, operation, Sight(), tongue)
            if wrong is not None:
                raise click.ClickException(f"Nobody may follow the class: {wrong.errors}")

    async def tell(self) -> Told:
        """Once the groups have rested: how soon a burst is told is not asked here."""
        await asyncio.sleep(PACE_S)
        if self._way.is_judged:
            self._clock.advance(LASTS_S)
        self.busy.raise_hands()
        self.arrivals.expect(len(self.readers))
        cpu_s, began_s = time.process_time(), time.monotonic()
        self.busy.tell()
        await self.arrivals.all(WITHIN_S)
        cpu_s, took_s = time.process_time() - cpu_s, self.arrivals.last_s - began_s
        self._check()
        return Told(cpu_s * 1e6 / len(self.readers), took_s * 1000)

    def _check(self) -> None:
        """Of the snapshot and of each event since, each reader has one; the last is the newest."""
        events = 1 + self.busy.version
        wrong = sum(reader.took != events for reader in self.readers)
        if wrong or self.busy.cursor.encode() not in self.arrivals.last:
            raise click.ClickException(f"{wrong} of {len(self.readers)} were not told once.")

    @property
    def total(self) -> int:
        """Of groups."""
        return self._groups.total

    async def close(self) -> None:
        await self._groups.close()


class Bare:
    """The floor: a loop that writes to each reader what is ready."""

    def __init__(self, frame: bytes, many: int) -> None:
        self._frame, self._arrivals = frame, Arrivals()
        self._readers = [Reader(self._arrivals) for _ in range(many)]

    async def tell(self) -> Told:
        self._arrivals.expect(len(self._readers))
        cpu_s, began_s = time.process_time(), time.monotonic()
        for reader in self._readers:
            reader.write(self._frame)
        cpu_s, took_s = time.process_time() - cpu_s, self._arrivals.last_s - began_s
        return Told(cpu_s * 1e6 / len(self._readers), took_s * 1000)
