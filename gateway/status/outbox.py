"""Asks those that tell events how long the oldest of theirs has been waiting."""

import asyncio

import msgspec

from services.contracts.errors import UpstreamMisbehaved
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Transport
from services.kit.settings import Settings, url_of

TELLERS = ("assessment", "progress", "feeder")
ANSWER_S = 0.2


class Waiting(msgspec.Struct, frozen=True):
    oldest_unsent_s: float


class Told(msgspec.Struct, frozen=True):
    """As much as we need of what `/events/state` says."""

    partitions: list[Waiting]


class ServicesOutboxes:
    """Calls are signed by `transport`."""

    def __init__(self, settings: Settings, transport: Transport, clock: Clock) -> None:
        self._urls = {one: url_of(settings, one) for one in TELLERS}
        self._transport = transport
        self._clock = clock

    async def oldest_s(self) -> float:
        """Raises an UpstreamError where one of them does not say."""
        ages = await asyncio.gather(*[self._of(*one) for one in self._urls.items()])
        return max(ages)

    async def _of(self, name: str, url: str) -> float:
        call = Call(name, "GET", f"{url}/events/state")
        reply = await self._transport.send(call, Deadline.within(self._clock, ANSWER_S))
        if reply.status != 200:
            raise UpstreamMisbehaved(f"status {reply.status}")
        try:
            told = msgspec.json.decode(reply.body, type=Told)
        except msgspec.MsgspecError as wrong:
            raise UpstreamMisbehaved(f"not a state: {wrong}") from wrong
        return max((one.oldest_unsent_s for one in told.partitions), default=0.0)
