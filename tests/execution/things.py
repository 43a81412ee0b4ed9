"""The things of the nasty schema, and values that are good, bad, or nearly good."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Any, NewType, Protocol

Odd = NewType("Odd", str)
EXAM = datetime(2026, 3, 1, 9, tzinfo=UTC)
KATHMANDU = timezone(timedelta(hours=5, minutes=45))


class Knows(Protocol):
    def attribute(self, thing: "Made", name: str) -> Any:
        """The value that a thing has by that name; raises AttributeError."""


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"
    SORE = 3


class Made:
    """A thing that makes up its attributes when it is asked; those `given` are as given."""

    def __init__(self, world: Knows, mark: str, **given: Any) -> None:
        self.world = world
        self.mark = mark
        vars(self).update(given)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.world.attribute(self, name)
        if isinstance(value, Raising):
            raise value.error
        return value

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.mark}>"


class AWolf(Made): ...


class ASheep(Made): ...


class ARock(Made): ...


class Speck(Made): ...


class Stray(Made):
    """Stands for nothing in the schema."""


class Raising:
    """In place of the value of an attribute."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __repr__(self) -> str:
        return f"<raising {self.error!r}>"


class Letters:
    """Can be gone through, and is no list."""

    def __iter__(self) -> Iterator[str]:
        return iter("ab")

    def __repr__(self) -> str:
        return "<letters>"


def mark_of(parent: Any) -> str:
    """Equal for equal parents, in whichever run."""
    if isinstance(parent, Made):
        return parent.mark
    return parent if isinstance(parent, str) else type(parent).__name__


GOOD: Mapping[str, Sequence[Any]] = {
    "String": ["a", "ü \u2028", "", 'q"uote', 5, 2.5, True],
    "ID": ["id", "7", 7],
    "Int": [0, 1, -7, 2_147_483_647, True, 4.0],
    "Float": [0.5, -0.0, 1e300, 3, False],
    "Boolean": [True, False, 1],
    "Mood": list(Mood),
    "Odd": [Odd("odd"), Odd("x")],
    "DateTime": [EXAM, EXAM.replace(microsecond=7), EXAM.astimezone(KATHMANDU)],
}
NEARLY: Mapping[str, Sequence[Any]] = {
    "Int": [2**31, -(2**31) - 1, 2**31 - 1, 1.5, "12"],
    "Float": [float("nan"), float("inf"), "1.5", 10**400],
    "Boolean": [float("nan"), "true"],
    "ID": [1.5, True],
    "Mood": ["CALM", 3],
    "DateTime": [EXAM.replace(tzinfo=None), EXAM.timestamp(), EXAM.isoformat(), EXAM.date()],
}
"""Values that might be taken for good ones."""
