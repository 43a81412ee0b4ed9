"""Packages from npm: installed as locked, once for all test runs."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from services.kit.settings import Settings

BUILD = Path(__file__).parents[1] / "build"
INSTALL_WITHIN_S = 240


def tool(name: str) -> str:
    """Skips loudly without it, or fails where BANYAN_REQUIRE names node."""
    found = shutil.which(name)
    if found:
        return found
    if "node" in Settings.read(os.environ).require.split(","):
        pytest.fail(f"{name} is not installed")
    pytest.skip(f"{name} is not installed: what is from npm is not tried")


@cache
def installed(here: Path, scripts: Iterable[Path] = ()) -> Path:
    """A folder with the packages of the lock in `here`, and with today's scripts of there."""
    lock = (here / "package-lock.json").read_bytes()
    folder = BUILD / here.name / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        for file in [*scripts, *here.glob("package*.json")]:
            to = folder / file.relative_to(here)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, to)
        if not (folder / "node_modules" / ".package-lock.json").exists():
            _install(folder)
    return folder


def _install(folder: Path) -> None:
    command = [tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, timeout=INSTALL_WITHIN_S)
