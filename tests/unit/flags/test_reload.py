"""The flags in force follow the file, and never a bad one; nothing of it costs a request much."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from flags.change import Change
from flags.client import LOOK_EVERY_S, Flags, Loaded
from flags.document import render
from flags.engine import unleash_of
from flags.file import FlagFile, defaults
from flags.names import PROGRESS_READ, Side
from services.contracts.viewer import Viewer
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.unit.flags.people import FEW, viewer, with_the_service

LEARNER = viewer("northfield", 4)
RELOAD_WITHIN_S = 1.0

NO_STRATEGIES = '{"version": 2, "features": [{"name": "progress.read", "enabled": true}]}'
BAD = {
    "cut off": render(defaults())[:-40].decode(),
    "no JSON": "progress.read: service",
    "nothing": "",
    "no words": "\x00",
    "an empty list": '{"version": 2, "features": []}',
    "no features": '{"version": 2}',
    "another version": '{"version": 9, "features": []}',
    "a feature without strategies": NO_STRATEGIES,
    "a percentage that is no text": render(defaults()).decode().replace('"0"', "0"),
}


@pytest.fixture
async def flags(tmp_path: Path) -> AsyncIterator[Flags]:
    """At 100 %, and watching."""
    Change(PROGRESS_READ, 100).applied(tmp_path)
    flags = Flags(tmp_path)
    async with asyncio.TaskGroup() as work:
        watching = work.create_task(flags.watch())
        yield flags
        watching.cancel()


def side(flags: Flags) -> Side:
    return flags.decide(LEARNER).side(PROGRESS_READ)


async def is_legacy(flags: Flags) -> bool:
    return side(flags) is Side.LEGACY


async def test_a_change_is_in_force_within_a_second(
    flags: Flags, tmp_path: Path, figure: Recorder
) -> None:
    assert side(flags) is Side.SERVICE
    began_s = time.monotonic()

    Change(PROGRESS_READ, 0).applied(tmp_path)
    await until(partial(is_legacy, flags), RELOAD_WITHIN_S)

    figure("flags", reload_s=time.monotonic() - began_s)


async def test_without_the_watch_nothing_changes(tmp_path: Path) -> None:
    Change(PROGRESS_READ, 100).applied(tmp_path)
    unwatched = Flags(tmp_path)

    Change(PROGRESS_READ, 0).applied(tmp_path)
    await asyncio.sleep(2 * LOOK_EVERY_S)

    assert side(unwatched) is Side.SERVICE


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_leaves_the_last_good_flags(
    what: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Change(PROGRESS_READ, 30).applied(tmp_path)
    flags = Flags(tmp_path)
    before = with_the_service(flags, "northfield", many=300)

    with caplog.at_level(logging.ERROR, logger="flags"):
        FlagFile(tmp_path).path.write_text(BAD[what])
        flags.refresh()
        flags.refresh()

    assert with_the_service(flags, "northfield", many=300) == before != set()
    assert [record.message for record in caplog.records] == ["flags.refused"]


@pytest.mark.parametrize(
    ("what", "is_on"), [("an empty list", False), ("a feature without strategies", True)]
)
def test_unleash_by_itself_would_turn_all_learners(what: str, is_on: bool) -> None:
    """The twin: what our check keeps from it."""
    unchecked = unleash_of(BAD[what])

    turned = {unchecked.is_enabled(PROGRESS_READ.name, {"userId": f"{n}"}) for n in range(FEW)}

    assert turned == {is_on}


def test_a_file_that_goes_leaves_the_last_good_flags(tmp_path: Path) -> None:
    Change(PROGRESS_READ, 100).applied(tmp_path)
    flags = Flags(tmp_path)

    FlagFile(tmp_path).path.unlink()
    flags.refresh()

    assert side(flags) is Side.SERVICE


def test_a_mended_file_is_loaded_again(tmp_path: Path) -> None:
    flags = Flags(tmp_path)
    path = FlagFile(tmp_path).path
    path.write_text("broken")
    flags.refresh()

    path.write_text(render(defaults()).decode().replace('"0"', '"100"'))
    flags.refresh()

    assert side(flags) is Side.SERVICE


def test_a_start_beside_a_bad_file_is_by_the_defaults_and_leaves_it(tmp_path: Path) -> None:
    FlagFile(tmp_path).path.write_text("broken")

    assert side(Flags(tmp_path)) is Side.LEGACY
    assert FlagFile(tmp_path).path.read_text() == "broken"


def test_the_file_is_made_from_the_defaults(tmp_path: Path) -> None:
    Flags(tmp_path / "new")

    assert FlagFile(tmp_path / "new").read() == defaults()


def test_a_state_folder_that_cannot_be_made_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert side(Flags(tmp_path / "file")) is Side.LEGACY


def test_no_thread_is_started(tmp_path: Path) -> None:
    before = threading.active_count()

    flags = Flags(tmp_path)
    flags.decide(LEARNER)
    Change(PROGRESS_READ, 100).applied(tmp_path)
    flags.refresh()

    assert side(flags) is Side.SERVICE
    assert threading.active_count() == before


def test_deciding_is_cheap(tmp_path: Path, figure: Recorder) -> None:
    """Counted in CPU time of this thread, so that a busy machine changes nothing."""
    Change(PROGRESS_READ, 30, None).applied(tmp_path)
    loaded = Loaded(FlagFile(tmp_path).text())
    viewers = [viewer("northfield", user) for user in range(1_000)]

    first_us = _cpu_us(loaded, viewers)
    again_us = _cpu_us(loaded, viewers)
    none_us = _cpu_us(Loaded(render(defaults())), viewers)

    figure("flags", at_30_percent_us=first_us, decided_before_us=again_us, at_0_percent_us=none_us)
    assert first_us < 1_000
    assert max(again_us, none_us) < 50


def _cpu_us(loaded: Loaded, viewers: list[Viewer]) -> float:
    """Of the cheapest hundred: whom the garbage collector meets pays for others."""
    hundreds = [viewers[at : at + 100] for at in range(0, len(viewers), 100)]
    return min(_spent_ns(loaded, hundred) / len(hundred) for hundred in hundreds) / 1_000


def _spent_ns(loaded: Loaded, viewers: list[Viewer]) -> int:
    began_ns = time.thread_time_ns()
    for one in viewers:
        loaded.decide(one)
    return time.thread_time_ns() - began_ns
