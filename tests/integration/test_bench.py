"""Every bench runs as it is told in its help, and leaves nothing behind."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import bench
from bench.access_log import AccessLog, AccessLogs
from flags.file import FlagFile
from flags.names import COURSE_READ
from flags.rollout import rollout_of
from tests.integration.deploy.left import belonging_to
from tests.stack import START_WITHIN_S, Stack, await_true, environ, free_base

ENDS_WITHIN_S = 120.0
ELSEWHERE = "drill"
"""Run in test_drill.py."""

Command = tuple[str, ...]

ROUND = ("--seconds", "0.3", "--rounds", "1")
DASHBOARD = ("dashboard", "--callers", "1", *ROUND)
TRANSPORT = ("transport", "--at-once", "5", *ROUND)
ATTEMPTS = ("attempts", "--writers", "2", "--tenants", "2", "--rush", "5", *ROUND)
DOOR = ("door", "--at-once", "2", "--repetitions", "20", "--seconds", "1", "--rounds", "1")
TEACHERS = ("teachers", "--learners", "30", "--learners", "60", *ROUND)
FRESHNESS = ("freshness", "--rate", "10", "--seconds", "1")
REPLAY = ("replay", "--attempts", "200", "--workers", "1")
EXECUTION = ("execution", "--no-node", *ROUND)
SCALE = ("scale", "--courses", "1", "--courses", "10", *ROUND)
FANOUT = ("fanout", "--subscribers", "10", "--subscribers", "120", "--rounds", "1")
GATEWAY = ("gateway", *ROUND)
CACHED = ("cached", "--at-once", "2", "--tokens", "20", *ROUND)
HERD = ("herd", "--callers", "40", "--no-waits")
FAIR = ("fair", "--seconds", "1", "--times", "2")
SHADOW = ("shadow", "--rate", "5", "--seconds", "1", "--rounds", "1")
ISOLATION = ("isolation", "--seconds", "1", "--rounds", "1")
SINS = ("monolith_sins", "--writers", "2", "--learners", "20", "--asked", "2", *ROUND)

LEARNERS = (
    *("learners", "--learners", "20", "--pace-s", "1", "--seconds", "2", "--heroes", "2"),
    *("--hands", "0.3"),
)
HERO = (
    *("hero", "--learners", "20", "--classes", "2", "--seconds", "1", "--pace-s", "0.2"),
    *("--allowance-s", "20"),
)

OF_ALL = {"again", "cpu", "waits", "losses", "unexplained", "status", "classes"}
OF_HERDS = {"shared", "own", "executed", "errors"}
OF_SHADOWS = {"differing"}
OF_LEARNERS = {"refused", "kb_a_socket"}
OF_HEROES = {"each"}
MAY_BE_NOTHING = OF_ALL | OF_HERDS | OF_SHADOWS | OF_LEARNERS | OF_HEROES

KEYS: dict[Command, set[str]] = {
    ATTEMPTS: {
        "cores",
        "load",
        "durability",
        "ways",
        "new_to_old",
        "prepared_s",
        "start",
        "hand_in",
        "losses",
    },
    DASHBOARD: {
        "callers",
        "courses",
        "old",
        "old_gateway_cpu_ms",
        "bare",
        "one_course",
        "one_course_gateway_cpu_ms",
        "new",
        "new_gateway_cpu_ms",
        "old_to_bare",
        "old_to_one_course",
        "new_to_old",
        "calls_a_course",
        "ms_a_course",
    },
    TRANSPORT: {
        "at_once",
        "ours_us",
        "pyreqwest_us",
        "httpx_us",
        "ours_per_s",
        "httpx_to_ours",
        "pyreqwest_to_ours",
    },
    DOOR: {"cores", "load", "answer_bytes", "stages_us", "door_us", "servers"},
    TEACHERS: {"roster", "submissions"},
    FRESHNESS: {"cores", "load", "rates"},
    REPLAY: {
        "attempts",
        "responses",
        "seconds",
        "responses_per_s",
        "cpu_us_per_response",
        "unexplained",
        "status",
        "classes",
    },
    EXECUTION: {
        "cores",
        "load",
        "rivals",
        "compiled_to_kept",
        "traced_to_compiled_us",
        "missing",
        "inside_us",
    },
    SCALE: {"cores", "load", "sizes"},
    FANOUT: {"cores", "load", "sizes"},
    GATEWAY: {"cores", "load", "sides"},
    CACHED: {"cores", "load", "answer_bytes", "tokens", "servers"},
    HERD: {"cores", "load", "herds"},
    FAIR: {"cores", "load", "ordinary"},
    SHADOW: {
        "cores",
        "load",
        "compared",
        "differing",
        "off",
        "on",
        "p50_to_off",
        "p99_to_off",
    },
    ISOLATION: {"cores", "load", "others", "p99_to_quiet", "losses"},
    LEARNERS: {"cores", "load", "files", "runs", "losses"},
    HERO: {"cores", "load", "join", "others", "each", "present", "losses"},
    SINS: {"delay_ms", "workers", "submits_per_s", "progress_ms", "progress_ratio"},
}


def begin(command: Command, env: Mapping[str, str]) -> subprocess.Popen[str]:
    name, *options = command
    return subprocess.Popen(
        [sys.executable, "-m", f"bench.{name}", *options],
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def numbers(figures: Any) -> Iterator[float]:
    """All that were measured, however deep."""
    if isinstance(figures, dict):
        for name, value in figures.items():
            if name not in MAY_BE_NOTHING:
                yield from numbers(value)
    elif not isinstance(figures, str):
        yield figures


@pytest.mark.parametrize("command", KEYS, ids=lambda command: command[0])
def test_the_last_line_holds_what_was_measured(stack: Stack, command: Command) -> None:
    running = begin((*command, "--json"), environ(stack.home, free_base()))

    printed, _ = running.communicate(timeout=ENDS_WITHIN_S)

    assert running.returncode == 0, printed
    figures = json.loads(printed.splitlines()[-1])
    assert set(figures) == KEYS[command]
    assert [one for one in numbers(figures) if not one > 0] == []
    assert not any(figures.get("losses", {}).values())
    assert not figures.get("unexplained")


def test_every_bench_is_run_here() -> None:
    programs = {
        path.stem
        for path in Path(bench.__file__).parent.glob("*.py")
        if "json_option" in path.read_text() and path.stem != "report"
    }

    assert programs - {ELSEWHERE} == {command[0] for command in KEYS}


@pytest.mark.parametrize("command", KEYS, ids=lambda command: command[0])
def test_help_says_what_is_measured(command: Command) -> None:
    program = import_module(f"bench.{command[0]}")

    answer = CliRunner().invoke(program.main, ["--help"])

    assert answer.exit_code == 0
    assert str(program.__doc__).partition("\n")[0] in " ".join(answer.output.split())
    assert "--json" in answer.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_system_of_the_benchs_own_ends_with_it(tmp_path: Path, number: signal.Signals) -> None:
    where_nothing_runs = environ(tmp_path / "home", free_base(), TMPDIR=str(tmp_path))
    running = begin(DASHBOARD, where_nothing_runs)
    await_true(lambda: bool(homes(tmp_path)), START_WITHIN_S)
    [home] = homes(tmp_path)
    await_true(lambda: any("bin/postgres" in one for one in belonging_to(home)), START_WITHIN_S)
    data = (home / "postgres").resolve()
    assert data.exists()

    running.send_signal(number)
    printed, _ = running.communicate(timeout=ENDS_WITHIN_S)

    assert running.returncode != 0
    assert "Traceback" not in printed
    assert belonging_to(home) == []
    assert homes(tmp_path) == []
    assert not data.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_flags_of_a_system_that_ran_already_are_as_before(
    stack: Stack, number: signal.Signals
) -> None:
    before = FlagFile(stack.home).read()
    assert not is_turned(stack.home)
    running = begin(DASHBOARD, environ(stack.home, free_base()))
    await_true(lambda: is_turned(stack.home), ENDS_WITHIN_S)

    running.send_signal(number)
    printed, _ = running.communicate(timeout=ENDS_WITHIN_S)

    assert running.returncode != 0
    assert "Traceback" not in printed
    assert FlagFile(stack.home).read() == before


def is_turned(home: Path) -> bool:
    """The bench's tenant reads courses on the new side."""
    feature = FlagFile(home).read().feature(COURSE_READ.name)
    rollout = None if feature is None else rollout_of(COURSE_READ, feature)
    return rollout is not None and rollout.of("ministry") == 100


def test_only_calls_of_pages_behind_a_place_are_counted(tmp_path: Path) -> None:
    old, new = tmp_path / "monolith.log", tmp_path / "progress.log"
    old.write_text(line("GET /courses/1"))
    new.write_text(line("POST /me"))
    logs = AccessLogs([AccessLog(old, "GET"), AccessLog(new, "POST")])
    places = logs.end()

    with old.open("a") as file:
        file.writelines(map(line, ["POST /login", "GET /health", "GET /my/courses?page=1"]))
    with new.open("a") as file:
        file.writelines(map(line, ["GET /events?partition=0&after=9", "POST /progress"]))

    assert logs.since(places) == ["/my/courses?page=1", "/progress"]


def line(asked: str) -> str:
    return f'127.0.0.1:40000 - "{asked} HTTP/1.1" 200\n'


def homes(folder: Path) -> list[Path]:
    """The state folders of systems that benches began themselves."""
    return [made / "home" for made in folder.glob("banyan-bench-*")]
