"""What the guardian knows of and in which order it stops it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from deploy import guardian

ENDS_WHEN_ASKED = "import signal; signal.pause()"
IGNORES_SIGTERM = (
    "import signal; signal.signal(15, signal.SIG_IGN); print(flush=True); signal.pause()"
)
LEAVES_A_CHILD = f"""
import subprocess, sys
with subprocess.Popen([sys.executable, "-c", {IGNORES_SIGTERM!r}], stdout=subprocess.PIPE) as child:
    child.stdout.readline()
    print(flush=True)
    import signal; signal.pause()
"""
NOTES_SIGNALS = """
import signal, sys
def note(number, _):
    open(sys.argv[1], "a").write(f"{sys.argv[2]} {signal.Signals(number).name}\\n")
    sys.exit()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, note)
print(flush=True)
signal.pause()
"""


@pytest.fixture
def start() -> Iterator[Callable[..., int]]:
    """Starts a Python program in a group of its own, collected as soon as it ends."""
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str, *arguments: str) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        started.append(process)
        if process.stdout is not None and "print" in program:
            process.stdout.readline()
        return process.pid

    # The kernel collects children nobody wants to hear of, as the supervisor does for its own.
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    yield start
    signal.signal(signal.SIGCHLD, before)
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        with process:
            pass


def test_what_started_and_did_not_end_is_running() -> None:
    lines = ["+7 gateway.1\n", "+8 postgres\n", "+7 gateway.1\n", "-8\n", "+9 valkey\n"]

    assert guardian.told(lines) == {7: "gateway.1", 9: "valkey"}


def test_a_process_that_ended_twice_is_no_trouble() -> None:
    assert guardian.told(["-8\n", "+8 postgres\n", "-8\n", "-8\n"]) == {}


def test_stores_are_stopped_last_and_postgresql_by_an_interrupt(
    start: Callable[..., int], tmp_path: Path
) -> None:
    notes = str(tmp_path / "notes")
    names = ("postgres", "valkey", "gateway.1")

    is_stopped = guardian.stop({start(NOTES_SIGNALS, notes, name): name for name in names}, 3.0)

    lines = (tmp_path / "notes").read_text().splitlines()
    assert is_stopped
    assert lines[0] == "gateway.1 SIGTERM"
    assert sorted(lines[1:]) == ["postgres SIGINT", "valkey SIGTERM"]


def test_whoever_does_not_stop_when_asked_is_killed(start: Callable[..., int]) -> None:
    running = {start(IGNORES_SIGTERM): name for name in ("gateway.1", "valkey")}

    assert guardian.stop(running, 0.1)
    assert not any(guardian.is_alive(pid) for pid in running)


def test_a_process_that_is_gone_already_counts_as_stopped(start: Callable[..., int]) -> None:
    pid = start(ENDS_WHEN_ASKED)
    guardian.send([pid], signal.SIGKILL)
    assert guardian.ended([pid], 5.0)

    assert guardian.stop({pid: "gateway.1"}, 0.1)


def test_waiting_for_one_that_lives_is_bounded(start: Callable[..., int]) -> None:
    assert not guardian.ended([start(ENDS_WHEN_ASKED)], 0.05)


def test_the_uncollected_dead_are_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert not guardian.is_alive(process.pid)
    process.wait()


def test_what_a_dead_process_left_in_its_group_is_killed(start: Callable[..., int]) -> None:
    parent = start(LEAVES_A_CHILD)

    guardian.stop({parent: "gateway.1"}, 0.1)

    assert _alive_in_group(parent) == []


def _alive_in_group(group: int) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _is_alive_in(process, group)]


def _is_alive_in(process: psutil.Process, group: int) -> bool:
    try:
        is_member = os.getpgid(process.pid) == group
        return is_member and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False
