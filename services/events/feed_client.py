"""Reads another process's feed over HTTP."""

import asyncio
from datetime import timedelta
from types import TracebackType

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from services.contracts.events import PARTITIONS, Event
from services.events.errors import Discontinued, FeedMisbehaved, FeedUnreachable

CONNECT_S = 1.0
TOTAL_S = 5.0

_events = msgspec.json.Decoder(list[Event])


class _Gone(msgspec.Struct):
    oldest: int


class FeedClient:
    """`consumer` is the name under which the feed remembers how far we are."""

    def __init__(self, url: str, consumer: str) -> None:
        self._url = f"{url.rstrip('/')}/events"
        self._consumer = consumer
        self._client: Client = (
            ClientBuilder()
            .user_agent("banyan")
            .follow_redirects(False)
            .no_proxy()
            .connect_timeout(timedelta(seconds=CONNECT_S))
            .pool_max_idle_per_host(PARTITIONS)
            .build()
        )

    async def __aenter__(self) -> "FeedClient":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def fetch(self, partition: int, after: int, limit: int) -> list[Event]:
        """What follows `after`, without a gap; raises FeedError."""
        status, body = await self._get(partition, after, limit)
        try:
            if status == 410:
                raise Discontinued(partition, after, msgspec.json.decode(body, type=_Gone).oldest)
            if status != 200:
                raise FeedMisbehaved(f"{self._url} answered {status}")
            return _events.decode(body)
        except msgspec.DecodeError as wrong:
            raise FeedMisbehaved(f"{self._url}: {wrong}") from wrong

    async def _get(self, partition: int, after: int, limit: int) -> tuple[int, bytes]:
        query = [
            ("partition", str(partition)),
            ("after", str(after)),
            ("limit", str(limit)),
            ("consumer", self._consumer),
        ]
        try:
            async with asyncio.timeout(TOTAL_S):
                response = await self._client.get(self._url).query(query).build().send()
                return response.status, bytes(await response.bytes())
        except (PyreqwestError, TimeoutError) as broken:
            raise FeedUnreachable(f"{self._url}: {broken!r}") from broken
