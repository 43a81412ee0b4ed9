"""However the supervisor ends, nothing that it started outlives it by five seconds."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil
import pytest

from services.kit.home import RUN_FILE
from tests.integration.deploy.conftest import Start
from tests.integration.deploy.left import alive, belonging_to, named, started_by
from tests.stack import START_WITHIN_S, await_true, begin, environ, free_base

AT_MOST_S = 5.0


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (signal.SIGINT, ""),
        (signal.SIGINT, "stubborn"),
        (signal.SIGTERM, "stubborn"),
        (signal.SIGHUP, ""),
    ],
)
def test_a_signal_stops_everything_within_five_seconds(
    start: Start, number: signal.Signals, kind: str
) -> None:
    running = start(kind)
    started = started_by(running)
    began = time.monotonic()

    running.process.send_signal(number)
    code = running.process.wait(2 * AT_MOST_S)

    assert code == 0
    assert time.monotonic() - began < AT_MOST_S
    assert alive(started) == []


async def test_clients_of_postgresql_do_not_hold_up_the_stop(start: Start) -> None:
    running = start()
    client = await asyncpg.connect(running.database)
    started = started_by(running)
    began = time.monotonic()

    running.stop()

    assert time.monotonic() - began < AT_MOST_S
    assert alive(started) == []
    client.terminate()


def test_a_second_ctrl_c_leaves_nothing_behind(start: Start) -> None:
    running = start("stubborn")
    started = started_by(running)

    running.process.send_signal(signal.SIGINT)
    await_true(lambda: "Stopping" in running.output.read_text(), AT_MOST_S)
    running.process.send_signal(signal.SIGINT)
    code = running.process.wait(2 * AT_MOST_S)

    assert code == 0
    assert alive(started) == []


@pytest.mark.parametrize("kind", ["", "stubborn"])
def test_nothing_outlives_a_killed_supervisor(start: Start, kind: str) -> None:
    running = start(kind)
    started = started_by(running)

    running.process.kill()

    await_true(lambda: not alive(started), AT_MOST_S)
    assert not (running.home / RUN_FILE).exists()


def test_a_start_right_after_a_kill_waits_until_all_has_stopped(start: Start) -> None:
    killed = start("stubborn")
    killed.process.kill()
    killed.process.wait()

    running = start()

    assert running.process.poll() is None
    assert running.stop() == 0


def test_without_the_guardian_a_killed_supervisor_leaves_processes(start: Start) -> None:
    running = start()
    started = started_by(running)
    guardian = named(started, "guardian.py")
    guardian.suspend()

    running.process.kill()
    running.process.wait()

    left = alive(process for process in started if process != guardian)
    guardian.resume()
    assert len(left) >= 4, left
    await_true(lambda: not alive(started), AT_MOST_S)


def test_a_dead_guardian_is_replaced_by_one_that_knows_everything(start: Start) -> None:
    running = start()
    first = named(started_by(running), "guardian.py")
    first.kill()
    await_true(lambda: _has_guardian_other_than(first, running.process.pid), AT_MOST_S)
    started = started_by(running)

    running.process.kill()

    await_true(lambda: not alive(started), AT_MOST_S)


def test_a_guardian_that_dies_while_it_stops_is_replaced(start: Start) -> None:
    running = start("stubborn")
    started = started_by(running)

    running.process.send_signal(signal.SIGINT)
    await_true(lambda: "Stopping" in running.output.read_text(), AT_MOST_S)
    named(started, "guardian.py").kill()
    running.process.wait(2 * AT_MOST_S)

    assert alive(started) == []


@pytest.mark.parametrize("moment", ["guardian.py", "bin/initdb", "bin/postgres", "valkey-server"])
def test_a_supervisor_killed_while_it_starts_leaves_nothing(
    home: Path, procfile: Callable[[str], Path], moment: str
) -> None:
    output = home.with_name("output")
    process = begin(environ(home, free_base()), output, ("--procfile", str(procfile(""))))
    await_true(lambda: any(moment in line for line in belonging_to(home)), START_WITHIN_S)

    process.kill()
    process.wait()

    await_true(lambda: belonging_to(home) == [], AT_MOST_S)


def _has_guardian_other_than(first: psutil.Process, supervisor: int) -> bool:
    started = psutil.Process(supervisor).children()
    return any(_is_guardian(process) for process in started if process != first)


def _is_guardian(process: psutil.Process) -> bool:
    try:
        return "guardian.py" in " ".join(process.cmdline())
    except psutil.Error:
        return False
