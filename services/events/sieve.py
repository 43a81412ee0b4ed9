"""Parts events that can be applied from those that cannot, and from what waits behind these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.contracts.events import Event, Unreadable
from services.events import applied
from services.events.poison import POISON, reason
from services.storage.db import Connection


class Applies(Protocol):
    async def apply(self, connection: Connection, events: Sequence[Event]) -> None: ...


@dataclass(frozen=True, slots=True)
class Held:
    """Not applied: for a reason of its own, or behind another of its stream."""

    event: Event
    why: str | None = None


class Sieve:
    """`first` is the first version parked of each stream: what follows it waits.

    A good batch is applied at once; one that fails is halved until what spoils it stands alone.
    """

    def __init__(
        self, connection: Connection, projection: Applies, first: Mapping[str, int]
    ) -> None:
        self._connection = connection
        self._projection = projection
        self._first = dict(first)
        self.applied: list[Event] = []
        self.held: list[Held] = []

    async def sift(self, events: Sequence[Event]) -> None:
        free = [event for event in events if not self._is_held(event)]
        if not free:
            return
        try:
            async with self._connection.transaction():
                await self._projection.apply(self._connection, free)
        except POISON as wrong:
            await self._divide(free, wrong)
        else:
            self.applied += free

    async def _divide(self, events: Sequence[Event], wrong: Exception) -> None:
        if len(events) == 1:
            self._hold(events[0], reason(wrong))
            return
        half = len(events) // 2
        await self.sift(events[:half])
        await self.sift(events[half:])

    def _is_held(self, event: Event) -> bool:
        if event.version > self._first.get(applied.key(event), event.version):
            self._hold(event, None)
            return True
        if isinstance(event.data, Unreadable):
            self._hold(event, f"Unreadable: {event.data.why}")
            return True
        return False

    def _hold(self, event: Event, why: str | None) -> None:
        stream = applied.key(event)
        self._first[stream] = min(event.version, self._first.get(stream, event.version))
        self.held.append(Held(event, why))
