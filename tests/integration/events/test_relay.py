"""The feed has every committed event once, in order per stream, at positions without a gap."""

import asyncio

import asyncpg
import pytest
from asyncpg.connection import LoggedQuery

from services.contracts.events import PARTITIONS, Event
from services.events import relay as relay_module
from services.events.bell import Bell, outbox_channel
from services.events.relay import TAKE_TURN, Relay
from services.storage.db import Connection, Pool
from tests.figures import Recorder
from tests.integration.events.careless_relays import (
    Crash,
    Cursor,
    FailsAtTheEnd,
    MovesApart,
    Paused,
    PausedWithoutLock,
    WithoutTurns,
    skip_locked,
)
from tests.integration.events.judge import FAULTLESS, Verdict, judge
from tests.integration.events.reading import all_of, at_work, drain, until_sent
from tests.integration.events.writers import OUTBOX, SOURCE, append_some, left_open, write
from tests.integration.monolith.waiting import until

LEFT_OPEN = "completions/demo/7/99"
EACH = 25


async def test_sixteen_writers_and_one_left_open_give_a_faultless_feed(
    events_url: str, pool: Pool, bell: Bell, figure: Recorder
) -> None:
    async with at_work(Relay(pool, bell, SOURCE).duties()):
        async with left_open(events_url, LEFT_OPEN) as open_one:
            committed = await write(pool, EACH, seed=1)
            await until_sent(pool)
            sent_meanwhile = len(await all_of(pool))
            await open_one.commit()
        await until(lambda: _has(pool, sent_meanwhile + 1))

    verdict = judge(await all_of(pool), committed | {LEFT_OPEN: 1})
    figure("D12", events=committed.total() + 1, lost=verdict.lost, misordered=verdict.misordered)
    assert sent_meanwhile == committed.total() > 500
    assert verdict == FAULTLESS


async def test_a_cursor_over_ids_loses_what_commits_late(
    events_url: str, pool: Pool, figure: Recorder
) -> None:
    cursor = Cursor(pool)
    async with left_open(events_url, LEFT_OPEN) as open_one:
        async with asyncio.TaskGroup() as work:
            writing = work.create_task(write(pool, EACH, seed=1))
            while not writing.done():
                await cursor.step()
                await asyncio.sleep(0.002)
        await cursor.step()
        await open_one.commit()

    await cursor.step()

    verdict = judge(cursor.read, writing.result() | {LEFT_OPEN: 1})
    figure("D12", lost_by_a_cursor_over_ids=verdict.lost)
    assert verdict.lost >= 1


async def test_relays_that_skip_what_others_locked_send_a_stream_in_the_wrong_order(
    pool: Pool,
) -> None:
    await append_some(pool, LEFT_OPEN, count=2)
    sent: list[int] = []

    async with pool.acquire() as one, pool.acquire() as other, one.transaction():
        held = await skip_locked(one)
        async with other.transaction():
            sent += await skip_locked(other)
        sent += held

    assert sent == [2, 1]


async def test_a_batch_takes_four_round_trips(pool: Pool, bell: Bell) -> None:
    """Each event that nobody shares a batch with costs them."""
    await append_some(pool, LEFT_OPEN, count=3)
    partition = await pool.fetchval("SELECT hashtext($1) & 3", LEFT_OPEN)
    asked: list[LoggedQuery] = []
    async with pool.acquire() as connection:
        connection.add_query_logger(asked.append)
        sent = await Relay(pool, bell, SOURCE).step(connection, partition)
        connection.remove_query_logger(asked.append)

    assert sent == 3
    assert len(asked) == len(["look", "lock", "stamp", "commit"]), [one.query for one in asked]


class Looking(Relay):
    """Notes what each look found."""

    def __init__(self, pool: Pool, bell: Bell) -> None:
        super().__init__(pool, bell, SOURCE)
        self.found: list[int] = []

    async def step(self, connection: Connection, partition: int) -> int:
        sent = await super().step(connection, partition)
        self.found.append(sent)
        return sent


async def test_behind_a_batch_that_was_not_full_nobody_looks_until_it_rings(
    pool: Pool, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "POLL_S", 60.0)
    relay = Looking(pool, bell)
    partition = await pool.fetchval("SELECT hashtext($1) & 3", LEFT_OPEN)
    async with at_work(relay.duties()[partition : partition + 1]):
        await until(lambda: _is(relay.found == [0]))
        await append_some(pool, LEFT_OPEN, count=3)
        await bell.ring(outbox_channel(SOURCE))
        await until_sent(pool)
        await asyncio.sleep(0.1)

    assert relay.found == [0, 3]


async def _is(truth: bool) -> bool:
    return truth


async def test_two_relays_by_mistake_send_each_event_once(pool: Pool, bell: Bell) -> None:
    relays = [WithoutTurns(pool, bell, SOURCE), WithoutTurns(pool, bell, SOURCE)]
    async with at_work(*(relay.duties() for relay in relays)):
        committed = await write(pool, EACH, seed=2)
        await until_sent(pool)

    assert judge(await all_of(pool), committed) == FAULTLESS


async def test_a_second_relay_stands_by_while_the_first_has_its_turn(
    pool: Pool, bell: Bell
) -> None:
    async with at_work(Relay(pool, bell, SOURCE).duties()):
        await append_some(pool, LEFT_OPEN)
        await until_sent(pool)

        async with pool.acquire() as second:
            taken = [await second.fetchval(TAKE_TURN, n) for n in range(PARTITIONS)]

    assert not all(taken)


async def test_a_relay_waits_for_the_lock_and_sees_what_came_meanwhile(
    events_url: str, pool: Pool, bell: Bell
) -> None:
    relays = Paused(pool, bell, SOURCE), Paused(pool, bell, SOURCE)

    verdict = await two_with_an_older_row_between(events_url, pool, *relays)

    assert verdict == FAULTLESS


async def test_without_the_lock_a_second_relay_moves_what_the_first_one_sent(
    events_url: str, pool: Pool, bell: Bell
) -> None:
    relays = PausedWithoutLock(pool, bell, SOURCE), PausedWithoutLock(pool, bell, SOURCE)

    verdict = await two_with_an_older_row_between(events_url, pool, *relays)

    assert (verdict.lost, verdict.doubled) == (1, 1)


async def two_with_an_older_row_between(
    events_url: str, pool: Pool, first: Paused, second: Paused
) -> Verdict:
    """An older row becomes visible after the first has stamped, before the second looks."""
    oldest = "person/demo/1"
    async with left_open(events_url, oldest) as open_one:
        partition = await pool.fetchval("SELECT hashtext($1) & 3", oldest)
        beside = await _two_streams_beside(pool, partition)
        async with pool.acquire() as one, pool.acquire() as two, asyncio.TaskGroup() as work:
            first_step = work.create_task(first.step(one, partition))
            await first.has_stamped.wait()
            await open_one.commit()
            work.create_task(second.step(two, partition))
            await until(lambda: _waits(pool, two))
            first.may_commit.set()
            await first_step
            read = await _sent(pool, partition, after=0)
            second.may_commit.set()
    read += await _sent(pool, partition, after=read[-1].position)
    return judge(read, dict.fromkeys([oldest, *beside], 1))


async def test_a_position_that_is_moved_apart_from_its_rows_is_given_twice(
    pool: Pool, bell: Bell
) -> None:
    await append_some(pool, LEFT_OPEN, count=2)
    with pytest.raises(Crash):
        await drain(pool, MovesApart(pool, bell, SOURCE))
    await append_some(pool, LEFT_OPEN, count=2)
    await drain(pool, Relay(pool, bell, SOURCE))

    positions = [row["position"] for row in await pool.fetch("SELECT position FROM outbox")]

    assert sorted(positions) == [1, 1, 2, 2]


async def test_a_relay_that_dies_before_its_commit_leaves_nothing_half_done(
    pool: Pool, bell: Bell
) -> None:
    await append_some(pool, LEFT_OPEN, count=2)
    with pytest.raises(Crash):
        await drain(pool, FailsAtTheEnd(pool, bell, SOURCE))

    await drain(pool, Relay(pool, bell, SOURCE))

    assert judge(await all_of(pool), {LEFT_OPEN: 2}) == FAULTLESS


async def test_a_stream_is_written_by_one_at_a_time(events_url: str, pool: Pool) -> None:
    async with left_open(events_url, LEFT_OPEN), pool.acquire() as connection:
        await connection.execute("SET lock_timeout = '50ms'")

        with pytest.raises(asyncpg.LockNotAvailableError):
            await OUTBOX.lock(connection, LEFT_OPEN)


async def _two_streams_beside(pool: Pool, partition: int) -> list[str]:
    """Streams of the same partition, with an event each."""
    found = await pool.fetch(
        "SELECT 'person/demo/' || n AS stream FROM generate_series(2, 100) AS n"
        " WHERE hashtext('person/demo/' || n) & 3 = $1 LIMIT 2",
        partition,
    )
    for row in found:
        await append_some(pool, row["stream"])
    return [row["stream"] for row in found]


async def _sent(pool: Pool, partition: int, after: int) -> list[Event]:
    """As a consumer without any check of its own would read it."""
    select = "SELECT * FROM outbox WHERE partition = $1 AND position > $2 ORDER BY position"
    return OUTBOX.events(await pool.fetch(select, partition, after))


async def _waits(pool: Pool, connection: Connection) -> bool:
    select = "SELECT wait_event_type FROM pg_stat_activity WHERE pid = $1"
    return bool(await pool.fetchval(select, connection.get_server_pid()) == "Lock")


async def _has(pool: Pool, count: int) -> bool:
    return len(await all_of(pool)) == count
