"""Tells which events of a batch are new to a projection, and which versions it never saw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.contracts.events import Event
from services.events import applied
from services.events.sieve import Held


@dataclass(frozen=True, slots=True)
class Gap:
    """Versions of a stream that were skipped: after `known`, before `version`."""

    stream: str
    known: int
    version: int


@dataclass(frozen=True, slots=True)
class News:
    """`fresh` events in their order; `gaps` before some of them; `held` are not applied."""

    fresh: list[Event] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


def news(events: Iterable[Event], versions: Mapping[str, int]) -> News:
    """Judges by the version applied of each stream."""
    known = dict(versions)
    found = News()
    for event in events:
        stream = applied.key(event)
        last = known.get(stream, applied.NOTHING)
        if event.version <= last:
            continue
        if event.version > max(last, 0) + 1 and not (last <= 0 and event.is_first):
            found.gaps.append(Gap(stream, last, event.version))
        found.fresh.append(event)
        known[stream] = event.version
    return found
