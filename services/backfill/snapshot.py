"""Reads a source's snapshot over HTTP, page by page."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from types import TracebackType
from typing import TypeVar
from urllib.parse import urlencode

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from services.contracts.events import Event
from services.contracts.snapshot import Kind, Summary
from services.events.errors import FeedMisbehaved, FeedUnreachable
from services.kit.signing import Signer

T = TypeVar("T")
PAGE = 1_000
CONNECT_S = 1.0
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
        self._signer = signer
        self._url = f"{url.rstrip('/')}/snapshot"
        self._page = page
        self._named = [("consumer", consumer)] if consumer else []
        self._client: Client = (
            ClientBuilder()
            .user_agent("banyan")
            .follow_redirects(False)
            .no_proxy()
            .connect_timeout(timedelta(seconds=CONNECT_S))
            .build()
        )

    async def __aenter__(self) -> "Snapshot":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

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
        url = f"{self._url}?{urlencode(query)}" if query else self._url
        signed = self._signer.header("GET", url) if self._signer else {}
        try:
            async with asyncio.timeout(TOTAL_S):
                response = await self._client.get(url).headers(signed).build().send()
                body = bytes(await response.bytes())
        except (PyreqwestError, TimeoutError) as broken:
            raise FeedUnreachable(f"{self._url}: {broken!r}") from broken
        if response.status != 200:
            raise FeedMisbehaved(f"{self._url} answered {response.status}")
        try:
            return msgspec.json.decode(body, type=form)
        except msgspec.MsgspecError as wrong:
            raise FeedMisbehaved(f"{self._url}: {wrong}") from wrong
