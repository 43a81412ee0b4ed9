"""The right answers leave the feeder for the one who scores, and for nobody else."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from legacy.feeder import told
from legacy.feeder.service import CONSUMERS
from legacy.feeder.snapshot import Snapshot
from legacy.feeder.snapshot_routes import snapshot_routes
from legacy.feeder.told import SCORER
from services.backfill.snapshot import Snapshot as Reading
from services.contracts.events import PARTITIONS, AssessmentChanged, Event, ItemKey
from services.contracts.snapshot import Kind
from services.events.bell import Bell
from services.events.feed import Feed
from services.events.feed_client import FeedClient
from services.events.feed_routes import feed_routes
from services.events.relay import Relay
from services.kit.clock import SystemClock
from services.storage.db import Pool
from tests.integration.monolith.school import School
from tests.integration.monolith.serving import serving

KEYS = [
    ItemKey("q1", choices=["a"]),
    ItemKey("q2", choices=["a", "b", "c"]),
    ItemKey("q3", number=3.14, tolerance=0.01),
    ItemKey("q4", texts=["Mitosis", "cell division"]),
    ItemKey("q5", choices=["a", "b", "c", "d"]),
]
OTHERS = [
    *(name for name in CONSUMERS if name != SCORER),
    "mirror",
    "test",
    "assessment-2",
    "assessments",
]
NAMELESS = ["", "&consumer=", "&consumer=Assessment", "&consumer=assessment%20"]
TELLING = ["cell division", "Mitosis", 'tolerance":0.01']
"""What only the keys of the school's quiz say."""


@pytest.fixture
async def feeder(pool: Pool, biology: School, stack_redis: str) -> AsyncIterator[str]:
    """Its feed and its snapshot, with all that was said relayed."""
    feed = Feed(pool, told.events, told.CHANGES)
    await relayed(pool, stack_redis)
    app = Starlette(routes=[*feed_routes(feed), *snapshot_routes(Snapshot(pool, feed))])
    async with serving(app) as url:
        yield url


async def relayed(pool: Pool, redis: str) -> None:
    async with Bell(redis, SystemClock()) as bell, pool.acquire() as connection:
        relay = Relay(pool, bell, told.SOURCE, "changes")
        for partition in range(PARTITIONS):
            while await relay.step(connection, partition):
                pass


async def fed(url: str, consumer: str) -> list[Event]:
    async with FeedClient(url, consumer) as client:
        found = []
        for partition in range(PARTITIONS):
            after = 0
            while events := await client.fetch(partition, after, 500):
                found += events
                after = events[-1].position
    return found


async def pages(url: str, consumer: str | None) -> list[Event]:
    async with Reading(url, consumer=consumer) as reading:
        return [event async for page in reading.pages(Kind.CONTENT) for event in page]


def definitions(events: list[Event], school: School) -> list[AssessmentChanged]:
    own = [event.data for event in events if event.tenant == school.tenant]
    return [said for said in own if isinstance(said, AssessmentChanged)]


async def test_the_one_who_scores_is_told_the_keys(feeder: str, biology: School) -> None:
    found = [*definitions(await fed(feeder, SCORER), biology)]
    found += definitions(await pages(feeder, SCORER), biology)

    assert [said.keys for said in found] == [KEYS, KEYS]


@pytest.mark.parametrize("consumer", OTHERS)
async def test_no_other_consumer_is_told_a_key(feeder: str, biology: School, consumer: str) -> None:
    found = [*await fed(feeder, consumer), *await pages(feeder, consumer)]

    assert len(definitions(found, biology)) == 2
    assert {event.data.keys for event in found if isinstance(event.data, AssessmentChanged)} == {
        None
    }


@pytest.mark.parametrize("named", NAMELESS)
async def test_who_has_no_such_name_is_told_no_key(
    feeder: str, biology: School, named: str
) -> None:
    async with httpx.AsyncClient(base_url=feeder) as http:
        parts = [f"/events?partition={partition}" for partition in range(PARTITIONS)]
        texts = [(await http.get(part + named)).text for part in parts]
        texts.append((await http.get("/snapshot?kind=content" + named)).text)

    assert any(biology.tenant in text for text in texts)
    assert not [word for word in TELLING for text in texts if word in text]


async def test_a_key_that_is_corrected_is_news(
    feeder: str, pool: Pool, biology: School, stack_redis: str
) -> None:
    correct = """
        UPDATE content SET body = jsonb_set(body, '{questions,0,answer}', '"b"')
        WHERE tenant_id = $1 AND id = $2"""
    await biology.db.execute(correct, biology.tenant, biology.quiz)
    await relayed(pool, stack_redis)

    scored = definitions(await fed(feeder, SCORER), biology)[-1]
    shown = definitions(await fed(feeder, "progress"), biology)[-1]

    assert scored.keys is not None
    assert (scored.keys[0], shown.keys) == (ItemKey("q1", choices=["b"]), None)
