"""Who counts as present: whoever was heard of, also when Redis has forgotten everything."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from services.contracts.classroom import ClassDeed, ClassUpdated, JoinTicket, PresenceChanged
from services.contracts.ids import TenantId
from services.events.duty import keep_all
from services.events.role import Role
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.live_class.room.beats import Beats
from services.live_class.room.names import participant_id
from services.live_class.service import Addresses, service
from tests import valkey
from tests.integration.live_class.conftest import NOBODY
from tests.integration.live_class.lecture import CLASS, TEACHER, Lecture
from tests.integration.live_class.test_process import begun, is_ready
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.pair import free_port
from tests.signing import gateway_of
from tests.stack import Stack, await_true
from tests.valkey import Server

READY_S = 60.0
SOON_S = 30.0
"""Longer than anything takes here, on a machine that has much else to do."""
MANY = 1_000


@pytest.fixture(scope="module")
def redis() -> Iterator[Server]:
    """One that this file's tests may empty."""
    with valkey.server() as made:
        yield made


@pytest.fixture
async def running(lecture: Lecture, redis: Server, live_class_url: str) -> AsyncIterator[Lecture]:
    """Over a service that does what time does, beside its API."""
    clock = SystemClock()
    at = Addresses(live_class_url, redis.url, NOBODY)
    async with service(at, clock) as made, serving(made.app) as url, asyncio.TaskGroup() as work:
        keeping = work.create_task(keep_all(made.duties[Role.TIME], clock))
        beats = Beats(redis.url, clock)
        yield replace(lecture, url=url, redis=redis.url, beats=beats)
        await beats.close()
        keeping.cancel()


async def is_told(lecture: Lecture, present: int, hands: int = 0) -> None:
    async def claim() -> bool:
        return await lecture.told() == (present, hands)

    await until(claim, SOON_S)


async def test_nobody_has_to_ask_for_a_tick(running: Lecture) -> None:
    await running.all_join()
    await running.does(10, ClassDeed.RAISE_HAND)
    await is_told(running, 20, 1)
    await running.does(10, ClassDeed.LEAVE)
    await is_told(running, 19)


async def test_breakouts_close_on_time_with_nobody_at_it(running: Lecture) -> None:
    late_s = """
    SELECT extract(epoch FROM at - $3::timestamptz)::float8 FROM outbox WHERE tenant_id = $1
        AND data ->> 'live_class' = $2 AND data -> 'count' = '0'
    """
    await running.joins(10)
    await running.opens(2)
    ends_at = await running.value(
        "UPDATE breakouts SET ends_at = clock_timestamp() + interval '1 s'"
        " WHERE tenant_id = $1 AND live_class = $2 AND number = 1 RETURNING ends_at"
    )

    async def are_closed() -> bool:
        room = await running.room()
        return room is not None and not room.breakouts

    await until(are_closed, SOON_S)
    late = await running.pool.fetchval(late_s, running.tenant, CLASS, ends_at)
    assert 0 <= late < SOON_S


async def test_what_redis_lost_is_told_all_the_same(running: Lecture, redis: Server) -> None:
    await running.all_join([10, 11])
    await is_told(running, 2)

    for user in (12, 13, 14):
        await running.joins(user)
        redis.ask("FLUSHALL")
    await running.does(12, ClassDeed.RAISE_HAND)
    redis.ask("FLUSHALL")

    await is_told(running, 5, 1)


async def test_without_the_sweep_it_would_not_be(lecture: Lecture, redis: Server) -> None:
    """The marks are all that a tick goes by."""
    beats = Beats(redis.url, SystemClock())
    marked = replace(lecture, redis=redis.url, beats=beats)
    await marked.all_join([10, 11])
    await beats.change(lecture.tenant, CLASS)
    redis.ask("FLUSHALL")

    lost = await beats.take_changed(10)
    await beats.close()

    assert lost == []
    assert await lecture.told() == (0, 0)


async def test_who_is_not_heard_of_is_gone_and_comes_back_with_a_beat(lecture: Lecture) -> None:
    await lecture.all_join([10, 11])
    await lecture.does(11, ClassDeed.RAISE_HAND)
    await lecture.tick()
    cursor = (await lecture.news(None)).cursor
    await lecture.is_silent(11)
    await lecture.tick()
    gone = await lecture.told()
    left = [one.left for one in await presence(lecture, cursor)]

    counted = await lecture.listen(10, 11)
    await lecture.tick()

    assert gone == (1, 0)
    assert left == [[participant_id(lecture.tenant, CLASS, 11)]]
    assert counted == 2
    assert await lecture.told() == (2, 1)


@pytest.mark.parametrize(
    ("present", "ago_s", "told"),
    [(1_000, 0.5, 1), (10_000, 0.5, 0), (10_000, 1.5, 1), (1_000_000, 2.5, 1)],
)
async def test_the_more_hear_of_it_the_less_often_they_are_told(
    lecture: Lecture, present: int, ago_s: float, told: int
) -> None:
    await lecture.joins(10)
    await lecture.tick()
    await lecture.does(10, ClassDeed.RAISE_HAND)
    await lecture.execute(
        f"UPDATE rooms SET present = {present},"
        f" ticked_at = clock_timestamp() - interval '{ago_s} s'"
        " WHERE tenant_id = $1 AND live_class = $2"
    )
    await lecture.beats.take_changed(MANY)

    await lecture.ticker.tick((lecture.tenant, CLASS))

    assert await lecture.told() == (present, told)
    # What is not told now is left to a later tick.
    marked = (lecture.tenant, CLASS) in await lecture.beats.take_changed(MANY)
    assert marked is not bool(told)


async def presence(lecture: Lecture, cursor: str) -> list[PresenceChanged]:
    news = await lecture.news(cursor)
    return [one for one in news.events if isinstance(one, PresenceChanged)]


async def test_a_beat_of_one_who_never_came_in_counts_nobody(lecture: Lecture) -> None:
    await lecture.joins(10)
    await lecture.listen(10, 11, 12)
    await lecture.listen(10, live_class="l77")
    await lecture.tick()

    assert await lecture.told() == (1, 0)


async def test_where_beats_are_lost_nobody_goes_before_they_were_silent_anew(
    lecture: Lecture, redis: Server
) -> None:
    beats = Beats(redis.url, SystemClock())
    lecture = replace(lecture, redis=redis.url, beats=beats)
    await lecture.all_join([10, 11])
    for user in (10, 11):
        await lecture.is_silent(user)
    redis.ask("FLUSHALL")
    await lecture.tick()
    after_the_loss = await lecture.told()
    await lecture.ticker.sweep(TenantId(lecture.tenant))
    silent = await beats.silent(lecture.tenant, CLASS)
    await beats.close()

    assert after_the_loss == (2, 0)
    assert silent == []
    assert redis.ask("ZCARD", f"banyan:live_class:beats:{lecture.tenant}:{CLASS}") == 2


async def test_while_redis_is_away_nobody_comes_back_from_silence(lecture: Lecture) -> None:
    await lecture.all_join([10, 11, 12])
    await lecture.is_silent(11)
    await lecture.tick()
    before = await lecture.told()
    away = Beats("redis://127.0.0.1:9", SystemClock())
    without = replace(lecture, beats=away)
    await lecture.does(12, ClassDeed.LEAVE)
    await lecture.joins(13)
    await without.tick()
    await away.close()

    assert before == (2, 0)
    assert await lecture.told() == (2, 0)


async def test_two_processes_serve_whoever_comes(
    stack: Stack, tmp_path: Path, lecture: Lecture, transport: HttpTransport
) -> None:
    """The database is the running system's."""
    ports = [free_port(), free_port()]
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    signed = HttpTransport(connections=20, signer=gateway_of(stack.home))
    database = stack.database.rpartition("/")[0] + "/banyan_live_class"
    with begun(stack, ports[0], tmp_path / "one"), begun(stack, ports[1], tmp_path / "two"):
        await asyncio.to_thread(await_true, lambda: all(map(is_ready, urls)), READY_S)
        held = await lecture.elsewhere(database, signed)
        joined = [await held.joins(user, url=urls[user % 2]) for user in held.users]
        started = await held.does(TEACHER, ClassDeed.START, url=urls[0])
        hand = await held.does(10, ClassDeed.RAISE_HAND, "up", url=urls[0])
        again = await held.does(10, ClassDeed.RAISE_HAND, "up", url=urls[1])
        await until(partial(has_hand, held, urls[0]))
        seen = [await held.room(url=url) for url in urls]
        await held.does(TEACHER, ClassDeed.END, url=urls[1])
        await held.pool.close()
    await signed.close()

    assert all(isinstance(one, JoinTicket) for one in joined), joined
    assert isinstance(started, ClassUpdated)
    assert hand == again
    assert seen[0] == seen[1]
    assert seen[0] is not None
    assert [one.name for one in seen[0].hands] == ["Person 10"]


async def has_hand(held: Lecture, url: str) -> bool:
    """Who raised one is told by whichever process ticks next."""
    room = await held.room(url=url)
    return room is not None and bool(room.hands)
