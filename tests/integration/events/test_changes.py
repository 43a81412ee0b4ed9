"""The change log: what was said is there, or is said again, or else EVERYTHING is behind it."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.contracts.changes import EVERYTHING, FIELD, STREAM, BadEntry, tags_of, written
from services.events.changes import CHECK_S, Changes
from services.events.duty import keep
from services.events.topics import PUBLISH_S, SILENT_S
from services.kit import owed
from services.kit.clock import FakeClock, SystemClock
from services.storage import valkey
from tests.fakes.tenant import NOW
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.pair import free_port

ALL = [EVERYTHING]
ONE, TWO, THREE = ["course:a:1"], ["person:a:4", "enrolments:a:4"], ["classes:a b:1"]
SOON_S = 5.0


class Trusting(Changes):
    """Never looks for what it said last."""

    async def _write(self, tags: Iterable[str]) -> bool:
        await super()._write(list(tags))
        return True


@contextmanager
def server(port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of the test's own, which keeps nothing: a replica writes into the folder it runs in."""
    with TemporaryDirectory() as folder:
        argv = [str(valkey.program()), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        process = subprocess.Popen([*argv, *more], cwd=folder, stdout=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Of a server of the test's own."""
    number = free_port()
    with server(number):
        await until(lambda: answers(number), SOON_S)
        yield number


async def answers(port: int) -> bool:
    try:
        async with Redis(port=port) as asked:
            return bool(await asked.ping())
    except (RedisError, OSError):
        return False


async def log_of(port: int) -> list[list[str]]:
    async with Redis(port=port) as asked:
        entries: Any = await asked.xrange(STREAM)
        return [tags_of(fields) for _, fields in entries]


@asynccontextmanager
async def saying(
    port: int, kind: type[Changes] = Changes, is_kept: bool = False
) -> AsyncIterator[Changes]:
    """`is_kept` where its duty is done."""
    changes = kind(f"redis://127.0.0.1:{port}/0", SystemClock())
    keeping = asyncio.ensure_future(keep(changes.duty(), SystemClock())) if is_kept else None
    yield changes
    if keeping is not None:
        keeping.cancel()
        await asyncio.wait([keeping])
    await changes.close()


async def test_the_first_word_of_a_process_is_everything(port: int) -> None:
    async with saying(port) as changes:
        for tags in (ONE, TWO, THREE, []):
            await changes.tell(tags)

    assert await log_of(port) == [ALL, TWO, THREE]


async def test_it_is_said_at_the_start_though_nothing_happens(port: int) -> None:
    async with saying(port, is_kept=True):
        await until(lambda: has_said(port, [ALL]), SOON_S)
        await asyncio.sleep(CHECK_S * 2.5)

    assert await log_of(port) == [ALL]


async def test_after_redis_was_away_what_is_owed_is_said(figure: Recorder) -> None:
    number, clock = free_port(), SystemClock()
    with server(number) as process:
        await until(lambda: answers(number), SOON_S)
        async with saying(number, is_kept=True) as changes:
            await until(lambda: has_said(number, [ALL]), SOON_S)
            await changes.tell(ONE)
            process.send_signal(signal.SIGSTOP)
            began_s = clock.monotonic_s()
            await changes.tell(TWO)
            waited_s = clock.monotonic_s() - began_s
            process.send_signal(signal.SIGCONT)
            await until(lambda: ends_with(number, TWO), SOON_S)
            found = await log_of(number)
            await changes.tell(THREE)
            await until(lambda: says_in_the_end(number, THREE), SOON_S)

    figure("changes", waited_ms=round(waited_s * 1000))
    assert waited_s < PUBLISH_S * 5
    assert found[:2] == [ALL, ONE]
    assert ALL not in found[1:]


async def test_who_fails_says_it_with_its_next_word(port: int) -> None:
    clock = FakeClock(NOW)
    changes = Changes(f"redis://127.0.0.1:{port}/0", clock)
    await changes.tell(ONE)
    async with Redis(port=port) as operator:
        await operator.client_pause(int(PUBLISH_S * 2_000))
        await changes.tell(ONE)
        await asyncio.sleep(PUBLISH_S * 2.5)
        await changes.tell(TWO)
        clock.advance(SILENT_S)
        await changes.tell(THREE)
        await changes.tell(THREE)

    await changes.close()
    found = await log_of(port)
    assert found[0] == ALL
    assert found[-2:] == [[*ONE, *TWO, *THREE], THREE]
    assert TWO not in found


async def test_of_too_much_that_is_owed_everything_is_said(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "MOST", 2)
    async with saying(port) as changes, Redis(port=port) as operator:
        await changes.tell(ONE)
        await operator.client_pause(int(PUBLISH_S * 2_000))
        await changes.tell([*ONE, *TWO])
        await asyncio.sleep(SILENT_S)
        await changes.tell(THREE)

    assert (await log_of(port))[-1] == ALL


async def test_after_the_stream_lost_its_tail_everything_is_said(port: int) -> None:
    async with saying(port) as changes, Redis(port=port) as operator:
        await changes.tell(ONE)
        await changes.tell(TWO)
        await lose_last(operator)
        await changes.tell(THREE)

    assert await log_of(port) == [ALL, THREE, ALL]


async def test_a_lost_tail_is_found_by_who_says_nothing(port: int) -> None:
    async with saying(port, is_kept=True) as changes, Redis(port=port) as operator:
        await until(lambda: has_said(port, [ALL]), SOON_S)
        await changes.tell(ONE)
        await lose_last(operator)

        await until(lambda: has_said(port, [ALL, ALL]), SOON_S)


async def test_a_lost_tail_stays_lost_without_a_look_at_what_was_said_last(port: int) -> None:
    async with saying(port, Trusting) as changes, Redis(port=port) as operator:
        await changes.tell(ONE)
        await changes.tell(TWO)
        await lose_last(operator)
        await changes.tell(THREE)

    assert await log_of(port) == [ALL, THREE]


async def test_another_server_that_heard_less_is_told_everything() -> None:
    first, second = free_port(), free_port()
    with server(first, "--repl-diskless-sync-delay", "0") as primary, server(second):
        for one in (first, second):
            await until(partial(answers, one), SOON_S)
        async with saying(first, is_kept=True) as changes, Redis(port=second) as replica:
            await until(lambda: has_said(first, [ALL]), SOON_S)
            await replica.replicaof("127.0.0.1", first)
            await until(lambda: has_said(second, [ALL]), SOON_S)
            await replica.replicaof("NO", "ONE")
            await changes.tell(ONE)
            primary.kill()
            primary.wait()
            await replica.config_set("port", first)

            await until(lambda: ends_with(first, ALL, 2), SOON_S)
            assert ONE not in await log_of(first)


async def test_who_is_cancelled_says_it_next(port: int) -> None:
    async with saying(port) as changes, Redis(port=port) as operator:
        await changes.tell(ONE)
        await operator.client_pause(50)
        cut = asyncio.ensure_future(changes.tell(TWO))
        await asyncio.sleep(0.01)
        cut.cancel()
        await asyncio.wait([cut])
        await asyncio.sleep(0.1)
        await changes.tell(THREE)

    assert (await log_of(port))[-1] == [*TWO, *THREE]


async def test_where_there_is_no_redis_nobody_fails() -> None:
    async with saying(free_port()) as changes:
        await changes.tell(ONE)
        await changes.tell_everything()


def test_an_entry_is_read_as_it_was_said_and_nothing_else_is() -> None:
    assert tags_of({FIELD: written(THREE)}) == THREE
    for fields in ({}, {FIELD: b"course:a:1"}):
        with pytest.raises(BadEntry):
            tags_of(fields)


async def lose_last(operator: Redis) -> None:
    entries: Any = await operator.xrevrange(STREAM, count=1)
    [(last, _)] = entries
    await operator.xdel(STREAM, last)


async def has_said(port: int, wanted: list[list[str]]) -> bool:
    return await log_of(port) == wanted


async def says_in_the_end(port: int, tags: list[str]) -> bool:
    """Alone, or with what was owed before."""
    return (await log_of(port))[-1][-len(tags) :] == tags


async def ends_with(port: int, tags: list[str], least: int = 1) -> bool:
    """Such an entry is the last of at least so many; False while nobody answers."""
    try:
        found = await log_of(port)
    except (RedisError, OSError):
        return False
    return len(found) >= least and found[-1] == tags
