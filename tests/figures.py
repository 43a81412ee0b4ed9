"""Keeps what fault tests measured: shown after the run, and in build/figures.json over runs."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pytest

from services.kit.settings import Settings

FILE = Path("build/figures.json")

Value: TypeAlias = int | float | str


@dataclass(frozen=True, slots=True)
class Figure:
    """What one test of one fault row measured; `full` when it ran at the row's own N."""

    row: str
    test: str
    full: bool
    values: dict[str, Value]

    def told(self) -> str:
        return ", ".join(f"{name} {_told(value)}" for name, value in self.values.items())


class Recorder(Protocol):
    def __call__(self, row: str, **values: Value) -> None:
        """`figure("C1", upstream_calls=1)`; a second call of one test adds to the first."""


_MEASURED = pytest.StashKey[list[Figure]]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Recorder:
    def record(row: str, **values: Value) -> None:
        measured = request.config.stash.setdefault(_MEASURED, [])
        measured.append(Figure(row, request.node.name, is_full(), values))

    return record


def is_full() -> bool:
    """Whether this run takes each fault row at its own N."""
    return Settings.read(os.environ).full_n


def read(path: Path = FILE) -> list[Figure]:
    """What was kept; nothing where no run has measured yet."""
    try:
        return [Figure(**entry) for entry in json.loads(path.read_text())]
    except FileNotFoundError:
        return []


def keep(measured: Iterable[Figure], path: Path = FILE) -> None:
    """Merges into what earlier runs kept; a reader sees the old file or the new one, whole."""
    kept = merged([*read(path), *measured])
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps([asdict(figure) for figure in kept], indent=1) + "\n")
    draft.replace(path)


def merged(figures: Iterable[Figure]) -> list[Figure]:
    """The newest value of each test; a small run never hides what a full one measured."""
    newest: dict[tuple[str, str, bool], Figure] = {}
    for figure in figures:
        newest[figure.row, figure.test, figure.full] = figure
    return [newest[key] for key in sorted(newest)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    measured = _measured(terminalreporter.config)
    if measured:
        terminalreporter.section("figures")
        for figure in measured:
            terminalreporter.line(f"{figure.row:<4} {figure.test}: {figure.told()}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    measured = _measured(session.config)
    handed_on: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if handed_on is not None:
        handed_on["figures"] = [asdict(figure) for figure in measured]
    elif measured:
        keep(measured, session.config.rootpath / FILE)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Takes what one of several test processes measured."""
    handed_on = getattr(node, "workeroutput", {}).get("figures", [])
    measured = node.config.stash.setdefault(_MEASURED, [])
    measured.extend(Figure(**figure) for figure in handed_on)


def joined(figures: Iterable[Figure]) -> list[Figure]:
    """One figure a test and row, with the values of all its calls."""
    values: dict[tuple[str, str, bool], dict[str, Value]] = {}
    for figure in figures:
        values.setdefault((figure.row, figure.test, figure.full), {}).update(figure.values)
    return [Figure(*key, values=told) for key, told in values.items()]


def _measured(config: pytest.Config) -> list[Figure]:
    measured: list[Figure] = config.stash.get(_MEASURED, [])
    return joined(measured)


def _told(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else value
