"""Events reach Kafka in order, each with what CloudEvents asks for, and wait while it is away."""

import asyncio
from collections.abc import Awaitable

import pytest

from services.contracts.events import PARTITIONS
from services.events.bell import Bell
from services.events.kafka import producer
from services.events.kafka.duties import kafka_duties
from services.events.kafka.message import topic_of
from services.events.kafka.passing import CONSUMER, Passing
from services.events.relay import Relay
from services.storage.db import Pool
from tests.integration.events.judge import FAULTLESS
from tests.integration.events.reading import all_of, at_work, drain
from tests.integration.events.writers import OUTBOX, SOURCE, STREAMS, append_some, write
from tests.integration.kafka.broker import Broker
from tests.integration.kafka.receiver import judge, receiving
from tests.integration.monolith.waiting import until

TOPIC = topic_of(SOURCE)
PASSED = "SELECT coalesce(sum(position), 0) FROM consumers WHERE name = $1"


async def passed(pool: Pool) -> int:
    return int(await pool.fetchval(PASSED, CONSUMER))


async def test_every_event_comes_once_and_in_the_order_of_its_stream(
    kafka: Broker, pool: Pool, relay: Relay, passing: Passing
) -> None:
    async with receiving(kafka.kafka, TOPIC) as receiver, at_work(relay.duties(), passing.duties()):
        committed = await write(pool, each=40, seed=1)
        await receiver.until(committed.total())

    assert judge(receiver.messages, committed) == FAULTLESS
    assert receiver.doubled() == 0


async def test_the_position_is_what_kafka_has(
    kafka: Broker, pool: Pool, relay: Relay, passing: Passing
) -> None:
    await append_some(pool, STREAMS[0], 3)
    async with at_work(relay.duties(), passing.duties()):
        await until(lambda: _is(passed(pool), 3))

    async with receiving(kafka.kafka, TOPIC) as receiver:
        await receiver.until(3)

    assert [message.version for message in receiver.messages] == [1, 2, 3]


async def test_while_kafka_is_away_events_wait_and_then_leave_in_order(
    kafka: Broker, pool: Pool, relay: Relay, passing: Passing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producer, "DELIVER_S", 0.5)
    async with receiving(kafka.kafka, TOPIC) as receiver, at_work(relay.duties(), passing.duties()):
        before = await write(pool, each=2, seed=2)
        await until(lambda: _is(passed(pool), before.total()))
        kafka.freeze()
        committed = before + await write(pool, each=20, seed=3)
        await asyncio.sleep(2)
        assert await passed(pool) == before.total()
        kafka.thaw()
        await receiver.until(committed.total())

    assert judge(receiver.messages, committed) == FAULTLESS


async def test_the_feed_is_read_as_ever_while_kafka_is_away(
    kafka: Broker, pool: Pool, relay: Relay, passing: Passing
) -> None:
    kafka.freeze()

    async with at_work(passing.duties()):
        committed = await write(pool, each=5, seed=4)
        await drain(pool, relay)
        read = await all_of(pool)

    assert len(read) == committed.total()


async def test_two_at_once_send_in_order(
    kafka: Broker, pool: Pool, relay: Relay, passing: Passing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Passing, "_await_turn", _at_once)
    twice = at_work(relay.duties(), passing.duties(), passing.duties())
    async with receiving(kafka.kafka, TOPIC) as receiver, twice:
        committed = await write(pool, each=20, seed=5)
        await receiver.until(committed.total())

    assert judge(receiver.messages, committed) == FAULTLESS


async def test_nothing_is_forgotten_before_kafka_has_it(
    kafka: Broker, pool: Pool, passing: Passing
) -> None:
    kafka.freeze()

    async with at_work(passing.duties()):
        await until(lambda: _is(_expected(pool), PARTITIONS))

    assert await passed(pool) == 0


async def test_a_kafka_that_comes_late_gets_what_is_still_there(
    kafka: Broker, pool: Pool, relay: Relay, passing: Passing
) -> None:
    await append_some(pool, STREAMS[0], 5)
    await drain(pool, relay)
    await pool.execute("DELETE FROM outbox WHERE version <= 3")

    async with receiving(kafka.kafka, TOPIC) as receiver, at_work(passing.duties()):
        await receiver.until(2)

    assert [message.version for message in receiver.messages] == [4, 5]


async def test_without_kafka_there_is_nothing_to_do(events_url: str, bell: Bell) -> None:
    async with kafka_duties(None, events_url, SOURCE, OUTBOX.events, bell) as duties:
        assert duties == []


async def _is(counted: Awaitable[int], wanted: int) -> bool:
    return await counted == wanted


async def _expected(pool: Pool) -> int:
    return int(await pool.fetchval("SELECT count(*) FROM consumers WHERE name = $1", CONSUMER))


async def _at_once(*_: object) -> None:
    pass
