"""A source of events with its feed, a record store, and the database of analytics."""

from collections.abc import AsyncIterator

import pytest

from services.analytics.service import Addresses
from services.events.bell import Bell
from services.events.relay import Relay
from services.storage.db import Pool
from tests.integration.analytics.learners import OUTBOX, SOURCE
from tests.integration.analytics.records import Records, door
from tests.integration.events.conftest import events_database, events_url, pool
from tests.integration.events.reading import at_work
from tests.integration.events.serving import serving as serving_feed
from tests.integration.monolith.serving import serving
from tests.integration.own_database import own_database
from tests.stack import Stack

__all__ = ["events_database", "events_url", "pool"]

DATABASE = "banyan_test_analytics"
HOME = "https://learn.example"


@pytest.fixture
async def records() -> Records:
    return Records()


@pytest.fixture
async def at(stack: Stack, pool: Pool, bell: Bell, records: Records) -> AsyncIterator[Addresses]:
    """Events reach the feed while the test runs."""
    async with (
        own_database(stack.database, DATABASE, "analytics") as database,
        serving_feed(pool, OUTBOX) as feed,
        serving(records.app()) as store,
        at_work(Relay(pool, bell, SOURCE).duties()),
    ):
        yield Addresses(database, stack.redis, {SOURCE: feed}, HOME, door(store))
