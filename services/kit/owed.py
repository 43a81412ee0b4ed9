"""What the log of changes has yet to be told, since it could not be told in time."""

from collections.abc import Iterable

from services.contracts.changes import EVERYTHING

MOST = 1_000
"""Of more tags it is told that everything may have changed."""


class Owed:
    """Tags, each once. What is told twice harms nobody: one that was not answered may be there."""

    def __init__(self) -> None:
        self._tags: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self._tags)

    def add(self, tags: Iterable[str]) -> None:
        self._tags.update(dict.fromkeys(tags))
        if len(self._tags) > MOST:
            self._tags = {EVERYTHING: None}

    def take(self) -> list[str]:
        """All, in order: whoever cannot tell them adds them again."""
        tags, self._tags = list(self._tags), {}
        return [EVERYTHING] if EVERYTHING in tags else tags
