"""Reads a source's snapshot over HTTP, page by page."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import TypeVar

import msgspec

from services.contracts.events import Event
from services.contracts.snapshot import Kind, Summary
from services.events.errors import FeedMisbehaved
from services.events.fetcher import Fetcher
from services.kit.signing import Signer

T = TypeVar("T")
PAGE = 1_000
TOTAL_S = 30.0
"""A page is made by reading through whole tables of the old side."""


class Snapshot:
    """`url` is the feeder's; `consumer` is the name under which one is told things."""

    def __init__(
        self,
        url: str,
        page: int = PAGE,
        consumer: str | None = None,
        signer: Signer | None = None,
    ) -> None:
        self._url = f"{url.rstrip('/')}/snapshot"
        self._page = page
        self._named = [("consumer", consumer)] if consumer else []
        self._fetcher = Fetcher(TOTAL_S, signer)

    async def __aenter__(self) -> "Snapshot":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._fetcher.close()

    async def summary(self) -> Summary:
        """Raises FeedError."""
        return await self._get([], Summary)

    async def pages(self, kind: Kind) -> AsyncIterator[list[Event]]:
        """To the last one; raises FeedError."""
        after = ""
        while True:
            query = [("kind", kind.value), ("after", after), ("limit", str(self._page))]
            page = await self._get([*query, *self._named], list[Event])
            if page:
                after = page[-1].stream
                yield page
            if len(page) < self._page:
                return

    async def _get(self, query: list[tuple[str, str]], form: type[T]) -> T:
        reply = await self._fetcher.get(self._url, query)
        if reply.status != 200:
            raise FeedMisbehaved(f"{self._url} answered {reply.status}")
        try:
            return msgspec.json.decode(reply.body, type=form)
        except msgspec.MsgspecError as wrong:
            raise FeedMisbehaved(f"{self._url}: {wrong}") from wrong
