"""Follows feeds as they grow, and says each event in a line."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from services.contracts.events import PARTITIONS, Event
from services.events.errors import Discontinued
from services.events.feed_client import FeedClient

BATCH = 200
POLL_S = 0.3
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are shown: all where nothing is said."""

    tenant: str | None = None
    stream: str | None = None

    def has(self, event: Event) -> bool:
        return self.tenant in (None, event.tenant) and self.stream in (None, event.stream)


@dataclass(slots=True)
class Tail:
    """One feed, read on from the positions given, by partition."""

    feed: FeedClient
    after: dict[int, int] = field(default_factory=dict)

    async def begin(self, after: int | None) -> None:
        """After a position of every partition; None: from now on. Raises FeedError."""
        if after is None:
            self.after = await self.feed.positions()
        else:
            self.after = dict.fromkeys(range(PARTITIONS), after)

    async def new(self) -> list[Event]:
        """What came since, a batch a partition; raises FeedError."""
        return [event for partition in self.after for event in await self._step(partition)]

    async def _step(self, partition: int) -> list[Event]:
        try:
            events = await self.feed.fetch(partition, self.after[partition], BATCH)
        except Discontinued as gone:
            self.after[partition] = gone.oldest - 1
            return []
        if events:
            self.after[partition] = events[-1].position
        return events


async def followed(tails: Sequence[Tail], wanted: Wanted) -> AsyncIterator[Event]:
    """On and on, in the order of time as far as it is known; raises FeedError."""
    while True:
        found = [event for tail in tails for event in await tail.new()]
        for event in sorted(found, key=lambda event: event.at):
            if wanted.has(event):
                yield event
        if not found:
            await asyncio.sleep(POLL_S)


def line(event: Event) -> str:
    said: Mapping[str, object] = msgspec.to_builtins(event.data)
    fields = " ".join(f"{name}={_short(value)}" for name, value in said.items() if name != "type")
    what = f"{type(event.data).__name__} {fields}"
    at = event.at.isoformat(sep=" ", timespec="milliseconds").removesuffix("+00:00")
    return f"{at}  {event.source:<10} {event.tenant}  {event.stream} v{event.version}  {_cut(what)}"


def _short(value: object) -> str:
    return f"[{len(value)}]" if isinstance(value, list) and len(value) > 5 else str(value)


def _cut(text: str) -> str:
    """On one line, whatever it holds: control characters are shown, not sent to a terminal."""
    shown = "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
