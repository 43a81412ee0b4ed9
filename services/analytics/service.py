"""Puts analytics together: a teller for each source whose events say something about learning."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from services.analytics.platform import Platform
from services.analytics.record_store import Door, RecordStore
from services.analytics.telling import Telling
from services.events.bell import Bell
from services.events.duty import Duty
from services.events.feed_client import FeedClient
from services.kit.clock import Clock
from services.kit.signing import Signer
from services.kit.transport import HttpTransport
from services.storage import db

CONSUMER = "analytics"
CONNECTIONS = 12


@dataclass(frozen=True, slots=True)
class Addresses:
    """`database` is our own; `feeds` by the source whose events they tell."""

    database: str = field(repr=False)
    redis: str = field(repr=False)
    feeds: Mapping[str, str]
    home: str
    door: Door
    signer: Signer | None = None


@asynccontextmanager
async def analytics(at: Addresses, clock: Clock) -> AsyncIterator[list[Duty]]:
    """Connected inside the block; its duties are the caller's to keep."""
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(at.database))
        bell = await open_.enter_async_context(Bell(at.redis, clock))
        transport = HttpTransport(CONNECTIONS)
        open_.push_async_callback(transport.close)
        store, platform = RecordStore(transport, clock, at.door), Platform(at.home)
        duties: list[Duty] = []
        for source, url in at.feeds.items():
            feed = await open_.enter_async_context(FeedClient(url, CONSUMER, at.signer))
            duties += Telling(pool, feed, source, store, platform).duties(bell)
        yield duties
