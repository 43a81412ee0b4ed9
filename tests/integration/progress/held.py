"""A source in memory: its present state as a snapshot, and the feed of what happens to it."""

from collections.abc import AsyncIterator, Sequence

from msgspec.structs import replace

from services.contracts.events import (
    PARTITIONS,
    AttemptsRecorded,
    ContentRemoved,
    EnrolmentChanged,
    Event,
    Happened,
    LessonsCompleted,
)
from services.contracts.snapshot import Kind, Summary


class Held:
    """`events` are all that happened, in order; whoever has begun never saw the first ones."""

    def __init__(self, events: Sequence[Event], page: int = 3) -> None:
        self._page = page
        self._now: dict[str, Event] = {}
        self.asked: list[Kind] = []
        self.events: list[Event] = []
        for event in events:
            self.happens(event)

    def happens(self, event: Event) -> Event:
        self.events.append(event)
        before = self._now.get(event.stream)
        self._now[event.stream] = event if before is None else _sum(before, event)
        return event

    async def summary(self) -> Summary:
        streams = {kind: len(self._of(kind)) for kind in Kind}
        return Summary(streams, [len(self.events)] * PARTITIONS)

    async def pages(self, kind: Kind) -> AsyncIterator[list[Event]]:
        self.asked.append(kind)
        after = ""
        while True:
            page = [event for event in self._of(kind) if event.stream > after][: self._page]
            if page:
                after = page[-1].stream
                yield page
            if len(page) < self._page:
                return

    def _of(self, kind: Kind) -> list[Event]:
        """What the streams of a kind come to; what is no more is not told of."""
        own = [stream for stream in self._now if stream.startswith(f"{kind}/")]
        return [self._now[stream] for stream in sorted(own) if not _is_gone(self._now[stream].data)]


def _sum(before: Event, event: Event) -> Event:
    """A snapshot tells of all that is completed, an event of what came to it."""
    if isinstance(before.data, LessonsCompleted) and isinstance(event.data, LessonsCompleted):
        lessons = sorted({*before.data.lessons, *event.data.lessons})
        return replace(event, data=replace(event.data, lessons=lessons))
    return event


def _is_gone(data: Happened) -> bool:
    match data:
        case ContentRemoved() | EnrolmentChanged(role=None) | AttemptsRecorded(attempts=[]):
            return True
    return False
