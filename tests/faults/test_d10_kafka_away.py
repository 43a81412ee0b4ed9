"""D10: Kafka is away while events are committed; they wait, and leave in order, all of them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from services.assessment.service import SOURCE, Addresses
from services.events.kafka.message import topic_of
from services.events.role import Role
from tests.faults.careless_producer import hands_over
from tests.faults.exams import NOBODY, Exams, exams
from tests.faults.registry import n
from tests.faults.steady_saves import Saves, p99_ms
from tests.faults.whole_service import Arm, as_it_is, whole
from tests.figures import Recorder
from tests.integration.events.judge import FAULTLESS, Verdict
from tests.integration.kafka.broker import Broker, broker
from tests.integration.kafka.receiver import Receiver, judge, receiving
from tests.integration.monolith.waiting import until
from tests.stack import Stack

PER_S, LEARNERS = 100, 20
DRAINED_WITHIN_S = 60.0
BELIEVES_WITHIN_S, SILENT_S = 4.0, 2.0
RELAY = frozenset({Role.RELAY})
TOPIC = topic_of(SOURCE)
VERSIONS = """
SELECT 'attempt/' || tenant_id || '/' || assessment_id || '-' || user_id || '-' || number, version
FROM attempts
"""
UNSENT = "SELECT count(*) FROM outbox WHERE position IS NULL"
BEHIND = """
SELECT count(*) FROM relay_positions LEFT JOIN consumers USING (partition)
WHERE name = 'kafka' AND consumers.position < relay_positions.position
"""

Sitting = list[tuple[int, str]]


@pytest.fixture
async def kafka() -> AsyncIterator[Broker]:
    async with broker() as running:
        yield running


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d10") as made:
        await made.define()
        yield made


@pytest.fixture
async def sitting(hall: Exams) -> Sitting:
    users = await hall.admit(LEARNERS)
    return list(zip(users, await hall.begin(users), strict=True))


@pytest.fixture
def at(hall: Exams, stack: Stack, kafka: Broker) -> Addresses:
    return Addresses(hall.database, stack.redis, NOBODY, kafka.kafka)


async def test_d10_commands_go_on_and_the_backlog_leaves_in_order(
    hall: Exams, sitting: Sitting, at: Addresses, kafka: Broker, figure: Recorder
) -> None:
    async with receiving(kafka.kafka, TOPIC) as receiver, whole(at) as url:
        saving = Saves(hall, url, sitting)
        beside = await saving.steadily(PER_S, n("D10") / 4)
        kafka.freeze()
        away = await saving.steadily(PER_S, n("D10"))
        came, thawed_s = len(receiver.messages), time.monotonic()
        kafka.thaw()
        versions = await committed(hall)
        await receiver.until(sum(versions.values()), 2 * DRAINED_WITHIN_S)
        drained_s = time.monotonic() - thawed_s

    verdict, waited = judge(receiver.messages, versions), sum(versions.values()) - came
    figure("D10", events=sum(versions.values()), waited=waited, per_s=len(away) / n("D10"))
    figure("D10", lost=verdict.lost, out_of_order=verdict.misordered, drained_s=drained_s)
    figure("D10", p99_ms=p99_ms(away), p99_ms_beside_kafka=p99_ms(beside))
    assert verdict == FAULTLESS
    assert drained_s <= DRAINED_WITHIN_S
    assert waited >= len(away)


async def test_d10_a_relay_killed_while_kafka_is_away_loses_nothing(
    hall: Exams, sitting: Sitting, at: Addresses, kafka: Broker
) -> None:
    assert await killed_meanwhile(hall, sitting, at, kafka) == FAULTLESS


async def test_d10_fails_without_waiting_for_what_kafka_says(
    hall: Exams, sitting: Sitting, at: Addresses, kafka: Broker, figure: Recorder
) -> None:
    """A relay that has taken note of what it only handed over."""
    lost = (await killed_meanwhile(hall, sitting, at, kafka, hands_over)).lost

    figure("D10", lost_without_waiting=lost)
    assert lost > 0


async def killed_meanwhile(
    hall: Exams, sitting: Sitting, at: Addresses, kafka: Broker, arm: Arm = as_it_is
) -> Verdict:
    async with receiving(kafka.kafka, TOPIC) as receiver:
        async with whole(at, RELAY, arm):
            await receiver.until(len(sitting))
            kafka.freeze()
            await Saves(hall, hall.serves, sitting).steadily(PER_S, 2)
            with suppress(TimeoutError):
                # Whoever waits for Kafka has not: it is away.
                await until(lambda: has_passed_all(hall), BELIEVES_WITHIN_S)
        kafka.thaw()
        async with whole(at, RELAY, arm):
            await until(lambda: has_passed_all(hall), DRAINED_WITHIN_S)
            await settled(receiver)
    return judge(receiver.messages, await committed(hall))


async def has_passed_all(hall: Exams) -> bool:
    """The relay believes that there is nothing left to send."""
    return not await hall.count(UNSENT) and not await hall.count(BEHIND)


async def settled(receiver: Receiver) -> None:
    """Nothing has come for a while."""
    while True:
        before = len(receiver.messages)
        await asyncio.sleep(SILENT_S)
        if len(receiver.messages) == before:
            return


async def committed(hall: Exams) -> dict[str, int]:
    """How many events each attempt has, by the attempt itself."""
    return dict(await hall.rows(VERSIONS))
