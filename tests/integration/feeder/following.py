"""A consumer of the feed, as careful as a projector: what it knows after every event."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from services.contracts.events import PARTITIONS, Event, Happened, LessonsCompleted
from services.events.errors import FeedError
from services.events.feed_client import FeedClient

PAUSE_S = 0.02


@dataclass
class Follower:
    """`states` by stream: the last word said, and every lesson completed; faults are counted."""

    client: FeedClient
    states: dict[str, Happened] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    after: list[int] = field(default_factory=lambda: [0] * PARTITIONS)
    misordered: int = 0
    interrupted: int = 0

    async def follow(self) -> None:
        """Until it is cancelled, whether or not the feed answers."""
        while True:
            if not await self.step():
                await asyncio.sleep(PAUSE_S)

    async def step(self) -> int:
        read = 0
        for partition in range(PARTITIONS):
            try:
                events = await self.client.fetch(partition, self.after[partition], 100)
            except FeedError:
                self.interrupted += 1
                return 0
            for event in events:
                self.take(event, partition)
            read += len(events)
        return read

    def take(self, event: Event, partition: int) -> None:
        known = self.versions.get(event.stream, 0)
        self.misordered += event.version != known + 1
        self.misordered += event.position != self.after[partition] + 1
        self.versions[event.stream] = event.version
        self.after[partition] = event.position
        self.states[event.stream] = folded(self.states.get(event.stream), event.data)


def folded(known: Happened | None, said: Happened) -> Happened:
    """Completions add up, everything else replaces what was said before."""
    if not isinstance(said, LessonsCompleted):
        return said
    before = known.lessons if isinstance(known, LessonsCompleted) else []
    return LessonsCompleted(said.course, said.user, sorted({*before, *said.lessons}))


async def states_of(pages: AsyncIterator[list[Event]]) -> dict[str, Happened]:
    """What a snapshot says, by stream."""
    return {event.stream: event.data async for page in pages for event in page}


def present(states: Mapping[str, Happened]) -> dict[str, Happened]:
    """Without what was and is no more: a snapshot does not name it."""
    return {stream: said for stream, said in states.items() if not _is_gone(said)}


def _is_gone(said: Happened) -> bool:
    name = type(said).__name__
    if name in {"ContentRemoved", "ClassRemoved"}:
        return True
    return getattr(said, "role", "") is None or getattr(said, "attempts", [0]) == []
