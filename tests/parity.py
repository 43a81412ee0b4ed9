"""Compares what two sides answered to one question, field by field."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

FEWEST = 100
"""A field that was not null on both sides so often counts as compared, else it does not."""


@dataclass(frozen=True, slots=True)
class Difference:
    path: str
    legacy: Any
    service: Any


@dataclass
class Parity:
    """`compared` counts, by field, the values that neither side left out."""

    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def take(self, legacy: Any, service: Any) -> None:
        """Compares one answer of each side."""
        for path, old, new in _leaves("", legacy, service):
            if old is not None and new is not None:
                self.compared[path] += 1
            if old != new:
                self.differences.append(Difference(path, old, new))

    def not_compared(self) -> list[str]:
        return sorted(path for path, times in self.compared.items() if times < FEWEST)


def _leaves(path: str, legacy: Any, service: Any) -> Iterator[tuple[str, Any, Any]]:
    """Values side by side; where the shapes differ, the shapes themselves."""
    if isinstance(legacy, dict) and isinstance(service, dict) and legacy.keys() == service.keys():
        for key in legacy:
            yield from _leaves(f"{path}.{key}".lstrip("."), legacy[key], service[key])
    elif isinstance(legacy, list) and isinstance(service, list) and len(legacy) == len(service):
        for old, new in zip(legacy, service, strict=True):
            yield from _leaves(path, old, new)
    else:
        yield path, legacy, service
