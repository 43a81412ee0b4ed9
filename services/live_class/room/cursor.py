"""A place in what is told of a class."""

import re
from dataclasses import dataclass

SHAPE = re.compile(r"([0-9a-f-]{1,36})\.([0-9]{1,18})\.([0-9]{1,18})")
ANEW = "anew"
"""The place of one who has yet to see a snapshot: there was nothing to tell before."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything was told up to the room's `version`, and of presence up to so many `ticks`."""

    epoch: str
    version: int
    ticks: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.version}.{self.ticks}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for what is none."""
        found = SHAPE.fullmatch(text)
        return cls(found[1], int(found[2]), int(found[3])) if found else None

    def is_known_at(self, newest: "Cursor") -> bool:
        """Whether it is a place on the way there."""
        is_before = self.version <= newest.version and self.ticks <= newest.ticks
        return self.epoch == newest.epoch and is_before
