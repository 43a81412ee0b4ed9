"""A Kafka, and one source that passes its events on to it."""

from collections.abc import AsyncIterator

import pytest

from services.events.bell import Bell
from services.events.feed import Feed
from services.events.kafka.passing import Passing
from services.events.relay import Relay
from services.storage.db import Pool
from tests.integration.events.conftest import events_database, events_url, pool
from tests.integration.events.writers import OUTBOX, SOURCE
from tests.integration.kafka.broker import Broker, broker

__all__ = ["events_database", "events_url", "pool"]


@pytest.fixture
async def kafka() -> AsyncIterator[Broker]:
    async with broker() as running:
        yield running


@pytest.fixture
def relay(pool: Pool, bell: Bell) -> Relay:
    return Relay(pool, bell, SOURCE)


@pytest.fixture
def passing(kafka: Broker, pool: Pool, bell: Bell) -> Passing:
    return Passing(kafka.kafka, pool, Feed(pool, OUTBOX.events), SOURCE, bell)
