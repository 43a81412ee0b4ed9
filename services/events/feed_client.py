"""Reads another process's feed over HTTP."""

from collections.abc import Mapping
from types import TracebackType
from typing import TypeVar

import msgspec

from services.contracts.events import Event
from services.events.errors import Discontinued, FeedMisbehaved
from services.events.fetcher import Fetcher
from services.events.state import FeedState
from services.events.words import events_of
from services.kit.signing import Signer

T = TypeVar("T")

TOTAL_S = 5.0


class _Gone(msgspec.Struct):
    oldest: int


class FeedClient:
    """`consumer` is the name under which the feed remembers how far we are, if it shall."""

    def __init__(self, url: str, consumer: str | None, signer: Signer | None = None) -> None:
        self._url = f"{url.rstrip('/')}/events"
        self._consumer = consumer
        self._fetcher = Fetcher(TOTAL_S, signer)

    async def __aenter__(self) -> "FeedClient":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._fetcher.close()

    async def fetch(self, partition: int, after: int, limit: int) -> list[Event]:
        """What follows `after`, without a gap; raises FeedError."""
        asked = {"partition": partition, "after": after, "limit": limit}
        status, body = await self._get(self._url, asked)
        if status == 410:
            raise Discontinued(partition, after, self._oldest(body))
        return self._events(status, body)

    async def of_stream(self, stream: str, after: int, until: int) -> list[Event]:
        """Versions between the two that the feed has still, the lowest first; raises FeedError."""
        asked = {"stream": stream, "after": after, "until": until}
        status, body = await self._get(f"{self._url}/stream", asked)
        if status == 404:
            # An older release, which cannot be asked.
            return []
        return self._events(status, body)

    async def positions(self) -> dict[int, int]:
        """The newest position of each partition; raises FeedError."""
        return await self._told("positions", dict[int, int])

    async def state(self) -> FeedState:
        """Raises FeedError."""
        return await self._told("state", FeedState)

    async def _told(self, what: str, form: type[T]) -> T:
        status, body = await self._get(f"{self._url}/{what}", {})
        if status != 200:
            raise FeedMisbehaved(f"{self._url}/{what} answered {status}")
        try:
            return msgspec.json.decode(body, type=form)
        except msgspec.DecodeError as wrong:
            raise FeedMisbehaved(f"{self._url}/{what}: {wrong}") from wrong

    def _oldest(self, body: bytes) -> int:
        try:
            return msgspec.json.decode(body, type=_Gone).oldest
        except msgspec.DecodeError as wrong:
            raise FeedMisbehaved(f"{self._url}: {wrong}") from wrong

    def _events(self, status: int, body: bytes) -> list[Event]:
        if status != 200:
            raise FeedMisbehaved(f"{self._url} answered {status}")
        try:
            return events_of(body)
        except msgspec.DecodeError as wrong:
            raise FeedMisbehaved(f"{self._url}: {wrong}") from wrong

    async def _get(self, url: str, asked: Mapping[str, object]) -> tuple[int, bytes]:
        query = [(name, str(value)) for name, value in asked.items()]
        if self._consumer is not None:
            query.append(("consumer", self._consumer))
        reply = await self._fetcher.get(url, query)
        return reply.status, reply.body
