"""Clients from npm: installed as locked, once for all test runs, and run by node."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.kit.settings import Settings

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "clients"
INSTALL_WITHIN_S, RUN_WITHIN_S = 240, 120


def run(script: str, **given: Any) -> Any:
    """What `script` (beside this file) prints, as JSON; it gets `given` as JSON in its argument."""
    installed = _installed()
    command = [_tool("node"), str(installed / script), json.dumps(given)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=RUN_WITHIN_S, check=False
    )
    assert done.returncode == 0, done.stderr or done.stdout
    return json.loads(done.stdout)


def _tool(name: str) -> str:
    """Skips loudly without it, or fails where BANYAN_REQUIRE names node."""
    found = shutil.which(name)
    if found:
        return found
    if "node" in Settings.read(os.environ).require.split(","):
        pytest.fail(f"{name} is not installed")
    pytest.skip(f"{name} is not installed: clients from npm are not tried")


@cache
def _installed() -> Path:
    """A folder with the packages of the lock and today's scripts."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = BUILD / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        for file in [*HERE.rglob("*.mjs"), *HERE.rglob("*.js"), *HERE.glob("package*.json")]:
            to = folder / file.relative_to(HERE)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, to)
        if not (folder / "node_modules" / ".package-lock.json").exists():
            _install(folder)
    return folder


def _install(folder: Path) -> None:
    command = [_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_WITHIN_S)
