"""Fetches what another process of ours tells, over HTTP."""

from collections.abc import Sequence
from urllib.parse import urlencode

from services.contracts.errors import UpstreamError, UpstreamMisbehaved
from services.events.errors import FeedMisbehaved, FeedUnreachable
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from services.kit.signing import Signer
from services.kit.transport import HttpTransport

CONNECTIONS = 32
MOST_BYTES = 100_000_000
"""A page is a thousand events, of which one may be a whole attempt."""


class Fetcher:
    """`total_s` is for one answer to its end; calls are signed where a signer is given."""

    def __init__(self, total_s: float, signer: Signer | None) -> None:
        self._total_s = total_s
        self._clock = SystemClock()
        self._transport = HttpTransport(CONNECTIONS, MOST_BYTES, signer)

    async def close(self) -> None:
        await self._transport.close()

    async def get(self, url: str, query: Sequence[tuple[str, str]]) -> Reply:
        """Of any status; raises FeedUnreachable, and FeedMisbehaved where it is too long."""
        full = f"{url}?{urlencode(query)}" if query else url
        deadline = Deadline.within(self._clock, self._total_s)
        try:
            return await self._transport.send(Call("feed", "GET", full, is_read=True), deadline)
        except UpstreamMisbehaved as wrong:
            raise FeedMisbehaved(f"{url}: {wrong}") from wrong
        except UpstreamError as away:
            raise FeedUnreachable(f"{url}: {away!r}") from away
