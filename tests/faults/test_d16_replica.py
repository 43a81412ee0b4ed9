"""D16: a replica lags, dies or falls silent; reads go to the primary, own writes are seen."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import pytest

from services.events import reading, replica
from services.kit.answering import Asking
from services.progress.service import SOURCE
from services.storage.db import Connection
from tests.faults.course import course
from tests.faults.following import Hunt, Watch, watch, write_and_read
from tests.faults.own_replicas import Group, own_group
from tests.faults.registry import n
from tests.figures import Recorder, is_full
from tests.integration.own_database import own_database
from tests.stack import Stack

DATABASE = "banyan_test_d16"
LEARNERS, READERS = 10, 4
LAGS = ("0", "1s", "30s")
"""The last is more than anybody is to be shown."""
NEAR_LAG = "5s"
"""Of a replica that may be asked by who has seen nothing."""
FOR_S = 60.0 if is_full() else 6.0
MOST_ERRORS, ERRORS_FOR_S = 0.001, 5.0
BLIND = replica.STANDING.replace("NOT EXISTS", "true OR NOT EXISTS")
LONG_S = 100_000.0
LOOK = reading.Reading.look
A = TypeVar("A")


@pytest.fixture(scope="module")
async def group(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Group]:
    async with own_group(tmp_path_factory.mktemp("d16") / "home", 2) as made:
        yield made


@pytest.fixture
async def database(group: Group) -> AsyncIterator[str]:
    await group.lags(1, "0")
    async with own_database(group.url, DATABASE, SOURCE) as url:
        yield url


async def test_d16_whoever_has_written_never_reads_less(
    stack: Stack,
    group: Group,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    figure: Recorder,
) -> None:
    # A busy machine is no fault of the replica's here.
    be_patient(monkeypatch)
    hunt, each = Hunt(), n("D16") // LEARNERS
    async with course(stack, database, [group.url_of(1, DATABASE)], LEARNERS, each) as opened:
        await group.is_caught_up(1)
        for nth, lag in enumerate(LAGS):
            await group.lags(1, lag)
            await write_and_read(opened, opened.lessons[nth :: len(LAGS)], hunt)
    by_replica = await group.answered(1, DATABASE)

    figure("D16", own_reads=hunt.own, stale_after_an_own_write=hunt.stale)
    figure("D16", read_by_others=hunt.by_others, answered_by_the_replica=by_replica)
    assert hunt.stale == 0
    assert by_replica > hunt.by_others // len(LAGS)


async def test_d16_fails_without_asking_the_replica_how_far_it_is(
    stack: Stack,
    group: Group,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    figure: Recorder,
) -> None:
    be_patient(monkeypatch)
    monkeypatch.setattr(replica, "STANDING", BLIND)
    monkeypatch.setattr(replica, "LAG_S", LONG_S)
    hunt = Hunt()
    async with course(stack, database, [group.url_of(1, DATABASE)], LEARNERS, 3) as opened:
        await group.is_caught_up(1)
        await group.lags(1, "1h")
        await write_and_read(opened, opened.lessons, hunt)

    figure("D16", stale_without_asking=hunt.stale)
    assert hunt.stale > 0


async def test_d16_what_is_kept_is_read_where_its_change_was_made(
    stack: Stack, group: Group, database: str, figure: Recorder
) -> None:
    """It is kept until a change is heard: none is, when the replica has come so far."""
    unknown = await behind_the_change(stack, group, database)

    figure("D16", unknown_behind_their_enrolment=unknown, of=LEARNERS)
    assert unknown == 0


async def test_d16_fails_where_a_replica_tells_what_is_kept(
    stack: Stack,
    group: Group,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    figure: Recorder,
) -> None:
    be_patient(monkeypatch)
    monkeypatch.setattr(reading.Reading, "look", as_if_nobody_kept_it)

    unknown = await behind_the_change(stack, group, database)

    figure("D16", unknown_where_a_replica_was_asked=unknown)
    assert unknown == LEARNERS


async def behind_the_change(stack: Stack, group: Group, database: str) -> int:
    """How many are unknown once all were enrolled."""
    await group.is_caught_up(1)
    await group.lags(1, NEAR_LAG)
    async with course(stack, database, [group.url_of(1, DATABASE)], LEARNERS, 1) as opened:
        return sum([not await opened.enrolments(user) for user in opened.users])


async def as_if_nobody_kept_it(
    self: reading.Reading,
    asking: Asking[Any],
    view: Callable[[Connection], Awaitable[A]],
    *,
    is_kept: bool,
) -> A:
    return await LOOK(self, asking, view)


async def test_d16_a_killed_replica_costs_readers_nothing(
    stack: Stack, group: Group, database: str, figure: Recorder
) -> None:
    seen = await struck(stack, group, database, group.servers[1].kill)
    await group.servers[1].start()

    figure("D16", reads_around_a_kill=seen.reads, errors=len(seen.failed_s))
    figure("D16", slowest_s=round(max(seen.took_s), 2))
    assert is_harmless(seen)


async def test_d16_a_silent_replica_costs_readers_nothing(
    stack: Stack, group: Group, database: str, figure: Recorder
) -> None:
    seen = await struck(stack, group, database, freezing(group))
    group.servers[1].thaw()

    figure("D16", reads_around_a_silence=seen.reads, errors_of_silence=len(seen.failed_s))
    figure("D16", slowest_of_silence_s=round(max(seen.took_s), 2))
    assert is_harmless(seen)


async def test_d16_fails_without_giving_up_on_the_replica(
    stack: Stack,
    group: Group,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    figure: Recorder,
) -> None:
    be_patient(monkeypatch)

    seen = await struck(stack, group, database, freezing(group))
    group.servers[1].thaw()

    figure("D16", errors_without_giving_up=len(seen.failed_s))
    assert not is_harmless(seen)


def be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever time there is may be the replica's."""
    monkeypatch.setattr(replica, "ANSWER_S", LONG_S)
    monkeypatch.setattr(reading, "MOST_S", LONG_S)
    monkeypatch.setattr(reading, "SHARE", 1.0)


async def struck(
    stack: Stack, group: Group, database: str, strike: Callable[[], Awaitable[None]]
) -> Watch:
    async with course(stack, database, [group.url_of(1, DATABASE)], READERS, 1) as opened:
        await group.is_caught_up(1)
        return await watch(opened, strike, FOR_S)


def freezing(group: Group) -> Callable[[], Awaitable[None]]:
    async def freeze() -> None:
        group.servers[1].freeze()

    return freeze


def is_harmless(seen: Watch) -> bool:
    few = len(seen.failed_s) <= MOST_ERRORS * seen.reads
    return few and all(since_s <= ERRORS_FOR_S for since_s in seen.failed_s)
