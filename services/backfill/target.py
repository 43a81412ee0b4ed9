"""What can be filled: each app with a projection offers itself as an entry point."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.metadata import entry_points

from services.contracts.snapshot import Kind
from services.events.projector import Projection

GROUP = "banyan.backfills"

Opens = Callable[[Mapping[str, str]], AbstractAsyncContextManager[Projection]]
"""Given the environment, a projection that may be used inside the block."""


@dataclass(frozen=True, slots=True)
class Anew:
    """How a projection is made anew: its `tables`, each with a primary key.

    `carry` are statements that bring into the new tables, which they name plainly, what only the
    old ones know, which stand in the schema {live}.
    """

    tables: Sequence[str]
    carry: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """`kinds` are what of a snapshot concerns the app, in the order in which they are told.

    Without `anew` its tables hold more than a snapshot and a feed can tell.
    """

    app: str
    kinds: Sequence[Kind]
    projection: Opens
    anew: Anew | None = None


def offered() -> list[str]:
    return sorted(point.name for point in entry_points(group=GROUP))


def target(name: str) -> Target:
    """One of those that are offered."""
    [point] = entry_points(group=GROUP, name=name)
    found: Target = point.load()
    return found
