"""Flags of a server: what it says well is in force and kept, all else leaves the last good list."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from flags.backup import Backup
from flags.change import Change
from flags.client import Flags
from flags.listed import ours
from flags.names import PROGRESS_READ, PROGRESS_WRITE, Side
from flags.served import EVERY_S, Served
from flags.server import Listed, fetch_of
from services.contracts.errors import UpstreamMisbehaved, UpstreamUnreachable
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from tests.fakes.flag_server import EMPTY, OTHERS, TOKEN, FlagServer, listed
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.unit.flags.people import viewer

LEARNER = viewer("northfield", 4)
ON, OFF = listed((PROGRESS_READ, 100)), listed()
BAD = {"empty": EMPTY, "others'": OTHERS, "cut off": ON[:-40], "no JSON": b"<html>"}


@dataclass
class Says:
    """A server that says what it is given; `tags` are what it was asked with."""

    answer: bytes | Exception | None
    tags: list[str | None] = field(default_factory=list)

    async def fetch(self, tag: str | None) -> Listed | None:
        self.tags.append(tag)
        if isinstance(self.answer, Exception):
            raise self.answer
        tag = f"tag {len(self.tags)}"
        return None if self.answer is None else Listed(self.answer, tag)


@dataclass
class Platform:
    home: Path
    server: Says = field(default_factory=lambda: Says(ON))

    def __post_init__(self) -> None:
        self.backup = Backup(self.home)
        self.start()

    def start(self) -> None:
        """Also again, as after an end."""
        self.flags = Flags(self.home)
        self.served = Served(self.flags, self.server.fetch, self.backup)

    @property
    def side(self) -> Side:
        return self.flags.decide(LEARNER).side(PROGRESS_READ)


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


async def test_what_the_server_says_is_in_force_and_kept(platform: Platform) -> None:
    await platform.served.refresh()

    assert platform.side is Side.SERVICE
    assert platform.backup.text() == ours(ON)


async def test_before_it_has_answered_the_file_decides(platform: Platform) -> None:
    Change(PROGRESS_READ, 100).applied(platform.home)
    platform.flags.refresh()

    assert platform.side is Side.SERVICE


async def test_once_it_has_answered_the_file_decides_nothing(platform: Platform) -> None:
    await platform.served.refresh()

    Change(PROGRESS_READ, 0).applied(platform.home)
    platform.flags.refresh()

    assert platform.side is Side.SERVICE


async def test_a_start_without_the_server_is_by_what_it_last_said(platform: Platform) -> None:
    await platform.served.refresh()
    platform.server.answer = UpstreamUnreachable("nobody there")

    platform.start()

    assert platform.side is Side.SERVICE
    await platform.served.refresh()
    assert platform.side is Side.SERVICE


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_list_leaves_the_last_good_one_and_is_told_once(
    what: str, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    await platform.served.refresh()
    platform.server.answer = BAD[what]

    with caplog.at_level(logging.ERROR, logger="flags"):
        await platform.served.refresh()
        await platform.served.refresh()

    assert platform.side is Side.SERVICE
    assert platform.backup.text() == ours(ON)
    assert [record.message for record in caplog.records] == ["flags.refused"]


async def test_after_a_bad_list_a_good_one_is_taken(platform: Platform) -> None:
    platform.server.answer = EMPTY
    await platform.served.refresh()

    platform.server.answer = ON
    await platform.served.refresh()

    assert platform.side is Side.SERVICE


async def test_a_list_is_asked_for_by_the_tag_of_the_last_good_one(platform: Platform) -> None:
    for said in (ON, None, EMPTY, ON):
        platform.server.answer = said
        await platform.served.refresh()

    assert platform.server.tags == [None, "tag 1", "tag 1", None]


async def test_the_same_list_is_not_loaded_again(platform: Platform) -> None:
    await platform.served.refresh()
    loads = platform.flags.loads

    await platform.served.refresh()
    platform.start()

    assert platform.flags.loads == loads


@pytest.mark.parametrize("spoilt", [b"", b"{}", EMPTY, OTHERS, ON[:-40], b"\x00\xff"])
async def test_a_damaged_backup_is_as_none_and_is_mended(
    spoilt: bytes, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    platform.backup.path.write_bytes(spoilt)

    with caplog.at_level(logging.ERROR, logger="flags"):
        platform.start()

    assert platform.side is Side.LEGACY
    assert [record.message for record in caplog.records] == ["flags.backup_refused"]
    await platform.served.refresh()
    assert platform.backup.text() == ours(ON)


async def test_a_backup_that_was_removed_is_made_again(platform: Platform) -> None:
    await platform.served.refresh()
    platform.backup.path.unlink()

    platform.server.answer = None
    await platform.served.refresh()

    assert platform.backup.text() == ours(ON)


async def test_a_disk_that_takes_nothing_does_not_hold_a_change_up(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drafts = count()

    def full(text: bytes) -> None:
        raise OSError(28, "No space left on device", f"flags.server.json.{next(drafts)}")

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING, logger="flags"):
        patch.setattr(platform.backup, "keep", full)
        await platform.served.refresh()
        await platform.served.refresh()

    assert platform.side is Side.SERVICE
    assert [record.message for record in caplog.records] == ["flags.not_kept"]
    await platform.served.refresh()
    assert platform.backup.text() == ours(ON)


def test_many_that_keep_at_once_leave_one_whole_list(tmp_path: Path) -> None:
    texts = [ours(listed((PROGRESS_READ, percent))) for percent in range(1, 60)]

    def keep(text: bytes) -> bytes:
        Backup(tmp_path).keep(text)
        return Backup(tmp_path).text()

    with ThreadPoolExecutor(8) as many:
        seen = set(many.map(keep, 3 * texts))

    assert seen <= set(texts)
    assert [file.name for file in tmp_path.iterdir()] == ["flags.server.json"]


async def test_a_failure_is_told_once_and_so_is_its_end(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="flags"):
        for answer in (UpstreamUnreachable("x"), UpstreamUnreachable("x"), ON, None):
            platform.server.answer = answer
            await platform.served.refresh()

    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", "flags.server_failed"),
        ("INFO", "flags.loaded"),
        ("INFO", "flags.server_answers"),
    ]


async def test_over_http_a_flip_is_in_force_within_two_seconds(
    tmp_path: Path, figure: Recorder
) -> None:
    server, clock, transport = FlagServer(OFF), SystemClock(), HttpTransport(1)
    with server.running() as url:
        platform = Platform(tmp_path)
        served = Served(platform.flags, fetch_of(transport, url, TOKEN, clock), platform.backup)
        async with asyncio.TaskGroup() as work:
            watching = work.create_task(served.watch())
            await until(partial(holds, lambda: server.unchanged > 0), 5)
            began_s = clock.monotonic_s()
            server.text = ON
            await until(partial(holds, lambda: platform.side is Side.SERVICE), 2)
            watching.cancel()
        await transport.close()

    figure("flags", server_to_in_force_s=clock.monotonic_s() - began_s, looked_every_s=EVERY_S)


@pytest.mark.parametrize(
    ("status", "token", "hint"),
    [(404, TOKEN, "ends with /api"), (200, "another", "a client token of"), (503, TOKEN, "503")],
)
async def test_what_a_server_refuses_is_told_with_what_to_look_at(
    status: int, token: str, hint: str
) -> None:
    transport = HttpTransport(1)
    with FlagServer(ON, status).running() as url:
        with pytest.raises(UpstreamMisbehaved, match=hint):
            await fetch_of(transport, url, token, SystemClock())(None)
        await transport.close()


async def test_other_flags_of_the_list_keep_their_sides(platform: Platform) -> None:
    platform.server.answer = listed((PROGRESS_READ, 100), (PROGRESS_WRITE, 100))
    await platform.served.refresh()
    platform.server.answer = listed((PROGRESS_WRITE, 100))
    await platform.served.refresh()

    decided = platform.flags.decide(LEARNER)
    assert (decided.side(PROGRESS_READ), decided.side(PROGRESS_WRITE)) == (
        Side.LEGACY,
        Side.SERVICE,
    )


async def holds(claim: Callable[[], bool]) -> bool:
    return claim()
