"""Counts what reading the cache came to, for whoever watches it."""

from enum import StrEnum
from typing import Protocol

from opentelemetry.metrics import Counter

from services.kit.metrics import counter

NAME = "banyan.cache.reads"
MOST_NAMES = 100
"""Clients name their operations: further ones are counted together."""
OTHER = "(other)"
UNNAMED = "(unnamed)"


class Read(StrEnum):
    HIT = "hit"
    MISS = "miss"
    STALE = "stale"
    SPARED = "stale-if-error"
    COALESCED = "coalesced"
    FENCED = "fenced"
    """Beside it too: a change overtook what was fetched."""
    BYPASS = "bypass"
    POISONED = "poisoned"
    """Beside what the reading came to: what Redis had was no entry of this key."""


class Layer(StrEnum):
    ANSWER = "answer"
    ENTITY = "entity"


class Counts(Protocol):
    def read(self, came_to: Read, layer: Layer, operation: str | None) -> None:
        """`operation` is its name."""


class Uncounted:
    """Where no collector is."""

    def read(self, came_to: Read, layer: Layer, operation: str | None) -> None:
        pass


UNCOUNTED = Uncounted()


class Metered:
    """One process's; the collector adds them up."""

    def __init__(self, reads: Counter) -> None:
        self._reads = reads
        self._names: set[str] = set()

    def read(self, came_to: Read, layer: Layer, operation: str | None) -> None:
        named = self._bounded(operation)
        self._reads.add(
            1, {"verdict": came_to.value, "layer": layer.value, "graphql.operation.name": named}
        )

    def _bounded(self, operation: str | None) -> str:
        if operation is None:
            return UNNAMED
        if operation not in self._names:
            if len(self._names) >= MOST_NAMES:
                return OTHER
            self._names.add(operation)
        return operation


def counts() -> Counts:
    reads = counter(NAME, "reads of the cache by what they came to")
    return UNCOUNTED if reads is None else Metered(reads)
