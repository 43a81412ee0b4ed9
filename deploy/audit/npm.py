"""Asks npm's registry for the known holes of what a package-lock.json pins."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from deploy.audit.hole import Hole, NoAdvice

WITHIN_S = 60


def holes(folder: Path, registry: str = "") -> list[Hole]:
    """Raises NoAdvice where it could not be asked; `registry` is npm's own unless said."""
    npm = shutil.which("npm")
    if npm is None:
        raise NoAdvice("npm is not installed")
    words = ["audit", "--json", "--omit=dev", "--package-lock-only", "--fetch-retries=0"]
    chosen = [f"--registry={registry}"] if registry else []
    return _read(_run([npm, *words, *chosen], folder))


def _run(command: list[str], folder: Path) -> Any:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=WITHIN_S, check=False
        )
        return json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as silent:
        raise NoAdvice("npm did not answer") from silent


def _read(told: Any) -> list[Hole]:
    """A package that only leans on a vulnerable one names it, and has no advisory of its own."""
    if "vulnerabilities" not in told:
        raise NoAdvice(str(told.get("message") or told.get("error")))
    return [
        Hole(f"{name} {via['range']}", frozenset([via["url"].rpartition("/")[2]]))
        for name, package in told["vulnerabilities"].items()
        for via in package["via"]
        if isinstance(via, dict)
    ]
