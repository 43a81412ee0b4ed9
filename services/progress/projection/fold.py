"""What a batch of events comes to: of each stream its last word, and every completion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.contracts.events import ContentRemoved, Event, Happened, LessonsCompleted
from services.contracts.ids import TenantId

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Folded:
    """`latest` has no two events of one stream; `removed` names content that was no more, once.

    What is in `removed` may be in `latest` too: it came again, perhaps as something else.
    """

    latest: list[tuple[TenantId, Happened]]
    removed: set[tuple[TenantId, int]]
    completed: set[tuple[TenantId, int, int, int]]

    def of(self, kind: type[T]) -> list[tuple[TenantId, T]]:
        return [(tenant, said) for tenant, said in self.latest if isinstance(said, kind)]


def folded(events: Sequence[Event]) -> Folded:
    """Completions add up, everything else replaces what was said of the same thing before."""
    latest = {(event.tenant, event.stream): event.data for event in events}
    return Folded(
        [(tenant, said) for (tenant, _), said in latest.items()],
        set(_removals(events)),
        set(_completions(events)),
    )


def _removals(events: Iterable[Event]) -> Iterable[tuple[TenantId, int]]:
    for event in events:
        if isinstance(event.data, ContentRemoved):
            yield event.tenant, event.data.content


def _completions(events: Iterable[Event]) -> Iterable[tuple[TenantId, int, int, int]]:
    for event in events:
        if isinstance(event.data, LessonsCompleted):
            done = event.data
            for lesson in done.lessons:
                yield event.tenant, done.course, done.user, lesson
