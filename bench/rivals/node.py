"""Mercurius from npm, installed as locked into a scratch folder the first time it is wanted."""

import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "rivals"
INSTALL_WITHIN_S = 240
FILES = ("package.json", "package-lock.json", "mercurius.mjs")


class NoNode(Exception):
    """Mercurius cannot be had here; the text says why."""


@cache
def mercurius() -> list[str]:
    """The command that runs it, before its arguments; raises NoNode."""
    node, npm = _tool("node"), _tool("npm")
    folder = BUILD / hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(HERE / name, folder / name)
    if not (folder / "node_modules" / ".package-lock.json").exists():
        _install(npm, folder)
    return [node, str(folder / "mercurius.mjs")]


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NoNode(f"{name} is not installed")
    return found


def _install(npm: str, folder: Path) -> None:
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(
            command, cwd=folder, check=True, timeout=INSTALL_WITHIN_S, capture_output=True
        )
    except (subprocess.SubprocessError, OSError) as failed:
        raise NoNode(f"npm could not install it: {failed}") from failed
