"""The product's files and their syntax trees, for rules that read code."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bench", "deploy", "flags", "gateway", "legacy", "resolvers", "schema", "services")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file; `path` is relative to the repository."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parse(self.text)

    @property
    def is_package(self) -> bool:
        return Path(self.path).name == "__init__.py"


def product() -> Iterator[Source]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield Source(path.relative_to(ROOT).as_posix(), path.read_text())


def committed() -> list[str]:
    """What git keeps or is about to keep, relative to the repository."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in answer.stdout.split("\0") if (ROOT / name).is_file()]


def dotted(node: ast.expr) -> str:
    """`asyncio.create_task` of the expression that says so; "" of any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return f"{dotted(node.func)}()" if isinstance(node, ast.Call) else ""


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)
