"""Reads the Procfile: which processes make up the stack."""

import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.errors import BadProcfile

LINE = re.compile(r"([a-z][a-z0-9_]*):\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Process:
    name: str
    argv: tuple[str, ...]


def read(path: Path) -> list[Process]:
    """The processes in order; blank lines and comments are skipped."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return [_process(path, line) for line in lines if line and not line.startswith("#")]


def _process(path: Path, line: str) -> Process:
    found = LINE.fullmatch(line)
    if found is None:
        raise BadProcfile(f"{path}: {line!r} is not of the form `name: command`.")
    name, command = found.groups()
    program, *arguments = shlex.split(command)
    return Process(name, (sys.executable if program == "python" else program, *arguments))
