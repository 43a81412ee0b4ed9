"""`make audit`: no known hole in what we pin, or it is accepted with a reason and a last day."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from deploy.audit import accepted, locks, npm, python
from deploy.audit.hole import Hole, NoAdvice
from services.kit.clock import SystemClock

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
CLIENTS = ROOT / "tests" / "clients"


def main() -> int:
    """1: something is open; 2: not all could be asked about."""
    today = SystemClock().now().date()
    wrong = _unpinned() + [f"{id_}: no longer accepted" for id_ in _expired(today)]
    unasked = False
    for name, ask in _asks():
        try:
            open_ones = accepted.left(ask(), accepted.read(), today)
            click.echo(f"{name}: {len(open_ones)} known holes")
            wrong += map(str, open_ones)
        except NoAdvice as why:
            unasked = True
            click.echo(f"{name}: not audited: {why}", err=True)
    for line in wrong:
        click.echo(line, err=True)
    return 1 if wrong else 2 if unasked else 0


def _asks() -> list[tuple[str, Callable[[], list[Hole]]]]:
    pins = locks.pins(LOCK.read_text())
    return [
        (f"{len(pins)} pins of requirements.lock", lambda: python.holes(pins)),
        ("tests/clients/package-lock.json", lambda: npm.holes(CLIENTS)),
    ]


def _unpinned() -> list[str]:
    files = [(CLIENTS / name).read_text() for name in ("package.json", "package-lock.json")]
    loose = locks.unpinned(LOCK.read_text()) + locks.unpinned_npm(*files)
    return [f"{one}: not pinned by version and hash" for one in loose]


def _expired(today: date) -> list[str]:
    return accepted.expired(accepted.read(), today)


if __name__ == "__main__":
    sys.exit(main())
