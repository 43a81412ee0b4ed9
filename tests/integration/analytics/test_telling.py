"""A record store has everything that was learned, each thing once, whoever dies meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest

from services.analytics.record_store import RecordStore, RecordStoreAway
from services.analytics.service import Addresses, analytics
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.storage import db
from services.storage.db import Pool
from tests.figures import Recorder
from tests.integration.analytics.learners import AT, learn, wanted
from tests.integration.analytics.program import Arm, as_it_is, ids_by_chance, telling
from tests.integration.analytics.records import Records, door
from tests.integration.events.reading import at_work
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.unit.services.analytics.test_saying import GRADED, changed, statements

LEARNERS, KILLS = 40, 4
BEHIND = "SELECT coalesce(sum(position), 0) FROM positions"
SENT = "SELECT coalesce(sum(position), 0) FROM relay_positions"


@pytest.fixture
async def store(records: Records, transport: HttpTransport) -> AsyncIterator[RecordStore]:
    async with serving(records.app()) as url:
        yield RecordStore(transport, SystemClock(), door(url))


async def test_what_is_learned_reaches_the_store(
    at: Addresses, pool: Pool, records: Records
) -> None:
    async with analytics(at, SystemClock()) as duties, at_work(duties):
        for user in range(3):
            await learn(pool, user)
        await until_all_is_told(at, pool)

    assert wanted(records.counted(), learners=3) == (0, 0)
    assert records.repeated == 0


async def test_a_killed_teller_loses_nothing_and_nothing_is_counted_twice(
    at: Addresses, pool: Pool, records: Records, figure: Recorder
) -> None:
    lost, doubled = await killed(at, pool, records)

    figure("D14", statements=len(records.kept), said_again=records.repeated, kills=KILLS)
    assert (lost, doubled) == (0, 0)
    assert records.repeated > 0


async def test_ids_by_chance_are_counted_twice(at: Addresses, pool: Pool, records: Records) -> None:
    _, doubled = await killed(at, pool, records, ids_by_chance)

    assert doubled > 0


async def test_a_batch_of_which_the_store_has_some_is_kept_once(
    store: RecordStore, records: Records
) -> None:
    first, *others = statements(changed(GRADED))
    await store.keep([first])
    records.kept[str(first.id)]["stored"] = AT.isoformat()

    await store.keep([first, *others])

    assert len(records.kept) == 1 + len(others)


async def test_a_store_that_refuses_us_has_nothing(
    transport: HttpTransport, records: Records
) -> None:
    async with serving(records.app()) as url:
        stranger = RecordStore(transport, SystemClock(), replace(door(url), secret="guessed"))

        with pytest.raises(RecordStoreAway, match="401"):
            await stranger.keep(statements(changed(GRADED)))

    assert not records.kept


async def killed(
    at: Addresses, pool: Pool, records: Records, arm: Arm = as_it_is
) -> tuple[int, int]:
    """What is never said and what twice, after kills, by a store that breaks now and then."""
    records.breaks_every = 5
    for nth in range(KILLS):
        for user in range(nth, LEARNERS, KILLS):
            await learn(pool, user)
        async with telling(at, arm):
            await until(partial(is_more, records, records.batches), 30)
    async with telling(at, arm):
        await until_all_is_told(at, pool)
    return wanted(records.counted(), LEARNERS)


async def is_more(records: Records, before: int) -> bool:
    return records.batches > before


async def until_all_is_told(at: Addresses, pool: Pool) -> None:
    async def is_told() -> bool:
        sent = await pool.fetchval(SENT)
        count = await pool.fetchval("SELECT count(*) FROM outbox")
        return bool(sent == count == await told.fetchval(BEHIND))

    async with db.pool(at.database, 2) as told:
        await until(is_told, 60)
