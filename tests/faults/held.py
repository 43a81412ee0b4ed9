"""Finds which tests hold which fault row, by their names."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_HOLDS = re.compile(r"test_([a-z]\d+)_(fails_without_)?")


@dataclass(frozen=True, slots=True)
class Held:
    """A test of a row; a twin is the same scenario with the guard off, which must fail."""

    row: str
    name: str
    path: Path
    is_twin: bool


def held(folders: Iterable[Path]) -> list[Held]:
    files = [path for folder in folders for path in sorted(folder.rglob("test_*.py"))]
    return [test for path in files for test in held_by(path.read_text(), path)]


def held_by(source: str, path: Path) -> list[Held]:
    nodes = ast.walk(ast.parse(source))
    names = [n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    matches = [(name, match) for name in names if (match := _HOLDS.match(name))]
    return [Held(match[1].upper(), name, path, bool(match[2])) for name, match in matches]


def without_twin(tests: Iterable[Held]) -> set[str]:
    """Rows that have a test which nothing shows can fail."""
    every = list(tests)
    return {test.row for test in every} - {test.row for test in every if test.is_twin}
