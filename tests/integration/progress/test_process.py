"""The service as it runs: its process begins and ends well, and says what is wrong."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from services.contracts.progress_api import COURSES
from services.contracts.viewer_headers import headers_of
from services.kit.ports import port_of
from tests.fakes.tenant import viewer
from tests.pair import free_port
from tests.signing import gateway_of
from tests.stack import Stack, await_true

MODULE = "services.progress"
READY_WITHIN_S = 30.0
ENDS_WITHIN_S = 10.0


def environ(stack: Stack, port: int, **more: str) -> dict[str, str]:
    """`port` is the service's own."""
    base = str(port - port_of("progress", 0))
    foreign = {name: text for name, text in os.environ.items() if not name.startswith("BANYAN_")}
    own = {
        "BANYAN_HOME": str(stack.home),
        "BANYAN_PORT": base,
        "DATABASE_URL": stack.database,
        "REDIS_URL": stack.redis,
    }
    return {**foreign, **own, **more}


@contextmanager
def begun(
    stack: Stack, port: int, output: Path, **more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Its API alone, beside whatever else uses its database."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", MODULE, "--only", "api"],
            env=environ(stack, port, **more),
            stdout=file,
            stderr=file,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=5).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def migrated(stack: Stack) -> None:
    """Twice: the second time there is nothing to do."""
    for _ in range(2):
        migrate = [sys.executable, "-m", f"{MODULE}.migrate"]
        done = subprocess.run(migrate, env=environ(stack, 40_003), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("migrated")
def test_the_process_answers_logs_its_requests_and_ends_when_told(
    stack: Stack, tmp_path: Path
) -> None:
    port, output = free_port(), tmp_path / "output"
    url = f"http://127.0.0.1:{port}"

    with begun(stack, port, output) as process:
        await_true(lambda: is_ready(url), READY_WITHIN_S)
        asked, headers = b'{"ids": [1]}', headers_of(viewer("nobodys"))
        headers |= gateway_of(stack.home).header("POST", COURSES.path, headers, asked)
        found = httpx.post(url + COURSES.path, content=asked, headers=headers)
        process.send_signal(signal.SIGTERM)
        code = process.wait(ENDS_WITHIN_S)

    assert (found.json(), code) == ([None], 0)
    assert f'"POST {COURSES.path} HTTP/1.1" 200' in output.read_text()


def test_an_unknown_setting_is_told_in_one_sentence(stack: Stack, tmp_path: Path) -> None:
    output = tmp_path / "output"

    with begun(stack, free_port(), output, BANYAN_PROT="1") as process:
        code = process.wait(READY_WITHIN_S)

    assert code == 1
    assert output.read_text().splitlines() == [
        "progress: Unknown setting BANYAN_PROT. Did you mean BANYAN_PORT?"
    ]


def test_where_nothing_runs_and_nothing_is_named_it_says_what_to_do(
    stack: Stack, tmp_path: Path
) -> None:
    output, home = tmp_path / "output", str(tmp_path)

    with begun(stack, free_port(), output, DATABASE_URL="", BANYAN_HOME=home) as process:
        code = process.wait(READY_WITHIN_S)

    assert code == 1
    assert output.read_text().splitlines() == [
        f"progress: Nothing runs from {home}: start it with `make run`, or set BANYAN_HOME."
    ]
