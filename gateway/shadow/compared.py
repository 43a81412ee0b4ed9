"""What came of comparing a capability, as numbers and as a few examples."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

COMPARED, DIFFERING, LAG, DROPPED = "compared", "differing", "lag", "dropped"
"""Names of numbers, beside those of paths."""
OF, IS, BETWEEN = "of", "is", "|"


@dataclass(frozen=True, slots=True)
class Compared:
    """So many answers were compared, and so many of them differed."""

    compared: int
    differing: int


class Sample(msgspec.Struct, frozen=True):
    """One difference, without anybody's words; `at` in UTC, `asked` is the question's name."""

    at: str
    asked: str
    path: str
    kind: str
    old: Any
    new: Any


@dataclass
class Counts:
    """Of one capability; numbers by name."""

    numbers: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)

    @property
    def compared(self) -> Compared:
        return Compared(self.numbers[COMPARED], self.numbers[DIFFERING])

    def values(self) -> dict[str, int]:
        """So many values were told by both sides, by path."""
        return {path: n for name, n in self.numbers.items() for path in _of(name)}

    def differences(self) -> dict[tuple[str, str], int]:
        """By path and kind."""
        parts = {tuple(name.split(BETWEEN)): n for name, n in self.numbers.items()}
        return {(name[1], name[2]): n for name, n in parts.items() if name[0] == IS}


def of(path: str) -> str:
    return f"{OF}{BETWEEN}{path}"


def is_(path: str, kind: str) -> str:
    return f"{IS}{BETWEEN}{path}{BETWEEN}{kind}"


def _of(name: str) -> list[str]:
    first, _, path = name.partition(BETWEEN)
    return [path] if first == OF else []


class Mismatches(Protocol):
    """Who decides by what differs, such as whether a capability is safe."""

    def mismatch(self, capability: str, compared: int, differing: int) -> None:
        """So many more answers were compared since the last time, so many of them differed."""


class Nobody:
    """Decides nothing by it."""

    def mismatch(self, capability: str, compared: int, differing: int) -> None:
        pass
