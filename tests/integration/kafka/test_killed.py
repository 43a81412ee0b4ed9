"""A relay that dies while it sends may send again; whoever looks at ids has each event once."""

import asyncio
from collections.abc import Sequence

from services.events.kafka.message import topic_of
from services.storage.db import Pool
from tests.figures import Recorder
from tests.integration.events.judge import FAULTLESS
from tests.integration.events.writers import SOURCE, write_until
from tests.integration.kafka.broker import Broker
from tests.integration.kafka.program import At, killed_at, relaying
from tests.integration.kafka.receiver import judge, receiving
from tests.integration.monolith.waiting import until
from tests.stack import Stack

KILLS = 5


async def test_a_killed_relay_loses_nothing_and_its_repeats_can_be_told(
    kafka: Broker, pool: Pool, events_url: str, stack: Stack, figure: Recorder
) -> None:
    at, enough = At(events_url, stack.redis, kafka.kafka), asyncio.Event()
    async with receiving(kafka.kafka, topic_of(SOURCE)) as receiver:

        async def something_new_came() -> None:
            before = len(receiver.messages)
            await until(lambda: _is_more(receiver.messages, before), 30)

        async with asyncio.TaskGroup() as work:
            writing = work.create_task(write_until(pool, enough, seed=6))
            await killed_at(at, something_new_came, KILLS)
            enough.set()
        committed = writing.result()
        async with relaying(at):
            await receiver.until(committed.total())

    figure("D10", kills=KILLS, events=committed.total(), sent_again=receiver.doubled())
    assert judge(receiver.messages, committed) == FAULTLESS
    assert len(receiver.new()) == committed.total()
    assert judge(receiver.new(), committed) == FAULTLESS


async def _is_more(came: Sequence[object], before: int) -> bool:
    return len(came) > before
