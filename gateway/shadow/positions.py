"""Whether a service has caught up with all that the monolith had done by now."""

import asyncio
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from services.contracts.errors import UpstreamError, UpstreamMisbehaved
from services.kit.deadline import Deadline
from services.kit.http import Call, Transport
from services.kit.log import Log
from services.kit.told import told

SOURCE = "legacy"
PAUSE_S = 0.05

F = TypeVar("F")
log = Log("shadow")


class Partition(msgspec.Struct, frozen=True):
    """Of the monolith's feed: `unsent` changes have no position yet."""

    partition: int
    newest: int
    unsent: int


class FeedState(msgspec.Struct, frozen=True):
    partitions: list[Partition]


class Position(msgspec.Struct, frozen=True):
    source: str
    partition: int
    position: int


class ProjectionState(msgspec.Struct, frozen=True):
    positions: list[Position]


class Positions:
    """`feeder` and `services` are where they answer, the services by name."""

    def __init__(self, transport: Transport, feeder: str, services: Mapping[str, str]) -> None:
        self._transport = transport
        self._feeder = feeder
        self._services = services

    async def reached(self, service: str, deadline: Deadline) -> bool:
        """Waits for it; False where it did not come in time, or where nobody can tell."""
        try:
            async with deadline.guard():
                wanted = await self._wanted(deadline)
                await self._awaited(service, wanted, deadline)
        except TimeoutError:
            return False
        except UpstreamError as failed:
            log.warning("shadow.no_position", kind=type(failed).__name__, why=told(failed))
            return False
        return True

    async def _wanted(self, deadline: Deadline) -> dict[int, int]:
        """The feed's positions, once all that there was when this was called has one."""
        while True:
            url = f"{self._feeder}/events/state"
            state = await self._get("feeder", url, FeedState, deadline)
            if not any(one.unsent for one in state.partitions):
                return {one.partition: one.newest for one in state.partitions}
            await asyncio.sleep(PAUSE_S)

    async def _awaited(self, service: str, wanted: Mapping[int, int], until: Deadline) -> None:
        """Returns once all that is wanted is applied; the deadline ends it before."""
        url = f"{self._services[service]}/projections/state"
        while True:
            state = await self._get(service, url, ProjectionState, until)
            known = {one.partition: one.position for one in state.positions if one.source == SOURCE}
            if all(known.get(one, 0) >= newest for one, newest in wanted.items()):
                return
            await asyncio.sleep(PAUSE_S)

    async def _get(self, upstream: str, url: str, form: type[F], deadline: Deadline) -> F:
        reply = await self._transport.send(Call(upstream, "GET", url), deadline)
        if reply.status != 200:
            raise UpstreamMisbehaved(f"status {reply.status}")
        try:
            return msgspec.json.decode(reply.body, type=form)
        except msgspec.MsgspecError as wrong:
            raise UpstreamMisbehaved(f"not a {form.__name__}: {wrong}") from wrong
