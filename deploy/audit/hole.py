"""A known vulnerability of something that a lock pins."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hole:
    """`ids` are all the names that its advisory goes by."""

    package: str
    ids: frozenset[str]

    def __str__(self) -> str:
        return f"{self.package}: {', '.join(sorted(self.ids))}"


class NoAdvice(Exception):
    """Nobody could be asked for known holes: offline, or a tool is missing."""
