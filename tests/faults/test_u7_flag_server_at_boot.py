"""U7: whatever becomes of the flag server at a start, the last good decisions stand."""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from flags.backup import Backup
from flags.client import Flags, Loaded
from flags.decide import Decisions
from flags.file import FlagFile
from flags.listed import ours
from flags.names import CAPABILITIES, COURSE_READ, PROGRESS_READ
from flags.served import EVERY_S
from gateway.building.flags import flags_of
from services.kit.clock import SystemClock
from services.kit.settings import Settings
from tests import pair
from tests.fakes.flag_server import EMPTY, OTHERS, TOKEN, FlagServer, listed
from tests.faults.registry import n
from tests.figures import Recorder
from tests.learner import Someone, token
from tests.threaded import Said, answering
from tests.unit.flags.people import viewer

FILE = listed((COURSE_READ, 20), (PROGRESS_READ, 30))
LAST = listed((COURSE_READ, 70), (PROGRESS_READ, 60))
NOWHERE = "http://127.0.0.1:9/api"
POLLS = 3


@dataclass(frozen=True, slots=True)
class Case:
    """`server` says this, or is not there; `backup` lies on disk; `stands` decides."""

    server: bytes | None
    backup: bytes | None
    stands: bytes
    alarms: list[str] = field(default_factory=list)


CASES = {
    "down, and never seen": Case(None, None, FILE),
    "down": Case(None, LAST, LAST),
    "down, the backup cut off": Case(None, LAST[:-99], FILE, ["flags.backup_refused"]),
    "down, the backup empty": Case(None, b"", FILE, ["flags.backup_refused"]),
    "down, the backup of others": Case(None, OTHERS, FILE, ["flags.backup_refused"]),
    "an empty list": Case(EMPTY, LAST, LAST, ["flags.refused"]),
    "an empty list, and no backup": Case(EMPTY, None, FILE, ["flags.refused"]),
    "a list of others": Case(OTHERS, LAST, LAST, ["flags.refused"]),
    "half a list": Case(LAST[:-99], LAST, LAST, ["flags.refused"]),
}


def laid(home: Path, case: Case) -> None:
    """As an earlier run has left it."""
    home.mkdir(exist_ok=True)
    FlagFile(home).path.write_bytes(FILE)
    if case.backup is not None:
        Backup(home).path.write_bytes(case.backup)


def decisions(flags: Flags | Loaded) -> list[Decisions]:
    return [flags.decide(viewer(f"tenant-{nth % 5}", nth)) for nth in range(n("U7"))]


def changed(flags: Flags, last: list[Decisions]) -> int:
    """How many single decisions are others than the last good ones."""
    now = decisions(flags)
    return sum(
        is_.side(one) is not was.side(one)
        for is_, was in zip(now, last, strict=True)
        for one in CAPABILITIES.values()
    )


async def changed_by(home: Path, case: Case) -> int:
    """By a start, and by asking the server some times."""
    last = decisions(Loaded(case.stands))
    with ExitStack() as open_:
        server = FlagServer(case.server or b"")
        url = NOWHERE if case.server is None else open_.enter_context(server.running())
        settings = Settings(home=home, unleash_url=url, unleash_token=TOKEN)
        made = flags_of(settings, SystemClock())
        at_once = changed(made.flags, last)
        async with asyncio.TaskGroup() as work:
            runs = [work.create_task(run()) for run in made.runs]
            await asyncio.sleep(POLLS * EVERY_S)
            for run in runs:
                run.cancel()
        for close in made.closes:
            await close()
    return at_once + changed(made.flags, last)


@pytest.mark.parametrize("what", CASES)
async def test_u7_the_last_good_decisions_stand(
    what: str, tmp_path: Path, figure: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    case = CASES[what]
    laid(tmp_path, case)

    with caplog.at_level(logging.ERROR, logger="flags"):
        count = await changed_by(tmp_path, case)

    figure("U7", decided=2 * n("U7") * len(CAPABILITIES), changed=count)
    assert count == 0
    assert [record.message for record in caplog.records] == case.alarms


async def test_u7_fails_without_a_look_at_whose_list_it_is(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flags.served.ours", lambda text: text)
    case = CASES["a list of others"]
    laid(tmp_path, case)

    count = await changed_by(tmp_path, case)

    figure("U7", changed_without_a_look_at_the_list=count)
    assert count > n("U7") / 2


async def test_u7_fails_without_a_backup(
    tmp_path: Path, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(self: Backup) -> bytes:
        raise FileNotFoundError

    monkeypatch.setattr(Backup, "text", none)
    laid(tmp_path, CASES["down"])

    count = await changed_by(tmp_path, CASES["down"])

    figure("U7", changed_without_a_backup=count)
    assert count > n("U7") / 2


@dataclass
class Sides:
    """Both upstreams, which fail each call and count them."""

    old: int = 0
    new: int = 0

    def of_old(self, request: BaseHTTPRequestHandler) -> Said:
        self.old += 1
        return Said(500)

    def of_new(self, request: BaseHTTPRequestHandler) -> Said:
        self.new += 1
        return Said(500)


@pytest.fixture
def sides() -> Iterator[tuple[Sides, str, str]]:
    made = Sides()
    with answering(made.of_old) as old, answering(made.of_new) as new:
        yield made, old, new


async def test_u7_a_gateway_is_ready_while_the_server_has_not_answered(
    tmp_path: Path, sides: tuple[Sides, str, str], figure: Recorder
) -> None:
    """It accepts and says nothing: whoever waited for it would not be ready."""
    asked, old, new = sides
    server = FlagServer(LAST)
    server.hang()
    last = ours(listed((COURSE_READ, 100)))
    laid(tmp_path, Case(None, last, last))
    with server.running() as url:
        began_s = time.monotonic()
        to_server = {"unleash_url": url, "unleash_token": TOKEN}
        with pair.gateway(tmp_path, old, progress_url=new, **to_server) as gateway:
            ready_s = time.monotonic() - began_s
            anna = Someone(gateway.url, token(tmp_path, "northfield", 4))
            answer = await anna.answer("{ viewer { name } }")
            answered = server.answered
            await anna.close()

    figure("U7", ready_s=round(ready_s, 2), asked_of_the_server=server.asked)
    assert answered == 0
    assert server.asked > 0
    assert answer["errors"]
    assert asked.new > 0


async def test_u7_fails_without_the_start_beside_the_server(
    tmp_path: Path, sides: tuple[Sides, str, str], figure: Recorder
) -> None:
    """The twin: a gateway that asks for its first list before it listens."""
    _, old, _ = sides
    server = FlagServer(LAST)
    server.hang()
    laid(tmp_path, CASES["down"])
    named = {"home": str(tmp_path), "legacy_url": old, "unleash_token": TOKEN}
    with server.running() as url:
        environ = {f"BANYAN_{k.upper()}": v for k, v in {**named, "unleash_url": url}.items()}
        with pair.begun(tmp_path, "tests.faults.waiting_for_flags", "BANYAN_PORT", environ) as one:
            await asyncio.to_thread(wait_for_a_question, server)
            await asyncio.sleep(POLLS)
            is_ready = pair.answers(one, "/health/live")

    figure("U7", ready_while_it_waits=int(is_ready))
    assert not is_ready


def wait_for_a_question(server: FlagServer) -> None:
    until_s = time.monotonic() + pair.READY_WITHIN_S
    while not server.asked and time.monotonic() < until_s:
        time.sleep(0.05)
    assert server.asked
