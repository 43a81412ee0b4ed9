"""`banyan flags`, run as its users run it."""

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from flags.client import Flags
from flags.file import FlagFile
from flags.names import CAPABILITIES, LIVE_CLASS_SCHEDULE, PROGRESS_READ, Capability, Side
from flags.rollout import Rollout, rollout_of
from services.kit.clock import SystemClock
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.stack import BANYAN
from tests.unit.flags.people import viewer

IN_FORCE_WITHIN_S = 2.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "demo.json").write_text('{"northfield": {}, "southfield": {}}')
    FlagFile(tmp_path).ensure()
    return tmp_path


def begun(home: Path, *said: str) -> "subprocess.Popen[str]":
    ours = {name: text for name, text in os.environ.items() if not name.startswith("BANYAN_")}
    return subprocess.Popen(
        [str(BANYAN), "flags", *said],
        env={**ours, "BANYAN_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def flags(home: Path, *said: str, code: int = 0) -> str:
    process = begun(home, *said)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == code, output
    return output


def rollout(home: Path, capability: Capability = PROGRESS_READ) -> Rollout | None:
    feature = FlagFile(home).read().feature(capability.name)
    assert feature is not None
    return rollout_of(capability, feature)


def test_every_capability_is_listed_with_who_is_where(home: Path) -> None:
    flags(home, "set", "progress.read", "canary", "--tenant", "northfield", "--percent", "30")

    listed = flags(home, "list")

    assert all(name in listed for name in CAPABILITIES)
    assert "everybody is at 0 %; northfield is at 30 %" in listed


def test_somebodys_side_is_explained(home: Path) -> None:
    flags(home, "set", "progress.read", "service", "--tenant", "northfield")

    told = flags(home, "explain", "progress.read", "--tenant", "northfield", "--user", "4")

    assert told.startswith("service: northfield is at 100 %, and this person comes over at ")


def test_a_capability_is_listed_by_its_mode_and_its_moves_are_kept(home: Path) -> None:
    assert "progress.read: shadow; " in flags(home, "set", "progress.read", "shadow")
    flags(home, "set", "progress.read", "canary", "--percent", "10", "--why", "no differences")
    flags(home, "set", "course.read", "service", "--tenant", "northfield")

    assert "progress.read          canary; everybody is at 10 %" in flags(home, "list")
    moved = flags(home, "history", "progress.read").splitlines()
    assert [line.partition("progress.read ")[2] for line in moved] == [
        "set to shadow",
        "set to canary 10 %: no differences",
    ]
    assert "course.read set to service for northfield" in flags(home, "history")


def test_a_change_that_was_refused_is_no_history(home: Path) -> None:
    flags(home, "set", "progress.read", "service", "--tenant", "x", code=1)

    assert flags(home, "history") == "Nothing was ever moved here.\n"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("set", "progress.red", "service"), "Known: course.read, progress.read,"),
        (("set", "progress.read", "service", "--tenant", "x"), "Known: northfield, southfield."),
        (("set", "progress.read", "canary", "--percent", "101"), "number from 0 to 100"),
        (("set", "progress.read", "legacy", "--percent", "3"), "of a canary"),
        (("set", "progress.read", "canary"), "How many"),
        (("explain", "read", "--tenant", "northfield", "--user", "4"), "Known: course.read"),
        (("explain", "course.read", "--tenant", "x", "--user", "4"), "Known: northfield"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_known(
    home: Path, said: tuple[str, ...], told: str
) -> None:
    output = flags(home, *said, code=1)

    assert told in output
    assert len(output.splitlines()) == 1
    assert rollout(home) == Rollout(0)


def test_a_side_that_there_is_not_is_refused_with_those_there_are(home: Path) -> None:
    assert "'legacy', 'shadow', 'canary', 'service'" in flags(
        home, "set", "progress.read", "newer", code=2
    )


def test_a_broken_file_is_told_in_one_sentence(home: Path) -> None:
    FlagFile(home).path.write_text("broken")

    told = flags(home, "set", "progress.read", "service", code=1)

    assert told.startswith("Error: The flags are malformed")
    assert len(told.splitlines()) == 1


def test_two_commands_at_once_lose_nothing(home: Path) -> None:
    tenants = ("northfield", "southfield")
    capabilities = (PROGRESS_READ, LIVE_CLASS_SCHEDULE)
    asked = [
        ("set", capability.name, "canary", "--tenant", tenant, "--percent", "20")
        for capability in capabilities
        for tenant in tenants
    ]

    outputs = [process.communicate(timeout=30) for process in [begun(home, *s) for s in asked]]

    both = Rollout(0, dict.fromkeys(tenants, 20))
    assert [rollout(home, one) for one in capabilities] == [both, both], outputs


async def test_a_running_system_follows_within_two_seconds(home: Path, figure: Recorder) -> None:
    running, learner, clock = Flags(home), viewer("northfield", 4), SystemClock()

    async def has_moved() -> bool:
        return running.decide(learner).side(PROGRESS_READ) is Side.SERVICE

    async with asyncio.TaskGroup() as work:
        watching = work.create_task(running.watch())
        await asyncio.to_thread(flags, home, "set", "progress.read", "service")
        began_s = clock.monotonic_s()
        await until(has_moved, IN_FORCE_WITHIN_S)
        watching.cancel()

    figure("flags", set_to_in_force_s=clock.monotonic_s() - began_s)
