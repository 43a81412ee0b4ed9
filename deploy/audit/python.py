"""Asks OSV, by pip-audit, for the known holes of what requirements.lock pins."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from deploy.audit.hole import Hole, NoAdvice
from deploy.audit.locks import Pin

OSV = "https://api.osv.dev/v1/query"
WITHIN_S = 180
OPTIONS = "--no-deps --disable-pip --strict --progress-spinner off --format json --timeout 5"


def holes(pins: Iterable[Pin], osv: str = OSV) -> list[Hole]:
    """Raises NoAdvice where not every pin could be asked about."""
    return [hole for some in _apart(pins) for hole in _ask(some, osv)]


def _apart(pins: Iterable[Pin]) -> list[list[Pin]]:
    """A package that is pinned twice is in two lists: pip-audit takes no package twice."""
    versions = [list(of) for _, of in groupby(sorted(pins, key=str), key=lambda pin: pin.name)]
    most = max(map(len, versions), default=0)
    return [[of[turn] for of in versions if turn < len(of)] for turn in range(most)]


def _ask(pins: list[Pin], osv: str) -> Iterator[Hole]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pins.txt"
        file.write_text("\n".join(map(str, pins)) + "\n")
        told = _run(["-r", str(file), "--cache-dir", folder, "-s", "osv", "--osv-url", osv])
    answered = [one for one in told["dependencies"] if "vulns" in one]
    if len(answered) != len(pins):
        raise NoAdvice(f"{len(answered)} of {len(pins)} pins were audited")
    for one in answered:
        for hole in one["vulns"]:
            yield Hole(f"{one['name']} {one['version']}", frozenset([hole["id"], *hole["aliases"]]))


def _run(words: list[str]) -> Any:
    command = [sys.executable, "-m", "pip_audit", *OPTIONS.split(), *words]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=WITHIN_S, check=False
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired as late:
        raise NoAdvice("pip-audit took too long") from late
    except ValueError as silent:
        said = done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"]
        raise NoAdvice(said[-1]) from silent
