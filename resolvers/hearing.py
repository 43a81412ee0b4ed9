"""Tells what happens in a live class, and what others say to the viewer there, as it comes."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from resolvers.context import Context
from resolvers.said_in_class import wrong_with_cursor
from services.contracts.classroom import (
    ClassroomEvent,
    ClassroomNews,
    Place,
    SignalEvent,
    SignalNews,
)
from services.contracts.classroom_api import classroom_topic, signals_topic
from services.contracts.errors import Refused
from services.contracts.ids import LiveClassId, decode
from services.kit.telemetry import moment

E = TypeVar("E", covariant=True)


class News(Protocol[E]):
    @property
    def events(self) -> Sequence[E]: ...

    @property
    def cursor(self) -> str: ...

    @property
    def is_over(self) -> bool: ...


Read: TypeAlias = Callable[[Context, str | None], Awaitable[News[E] | Refused]]
"""What is new behind a cursor."""


async def updates(
    ctx: Context, class_id: LiveClassId, after: Place | None = None
) -> AsyncGenerator[ClassroomEvent | Refused, None]:
    """The class as it is, then each change; with `after` what is new behind it. Ends with it."""
    named = decode(class_id)
    topic = classroom_topic(named.tenant, f"{named.side}{named.local}")
    with ctx.sources.attendance.listening(ctx.caller, class_id):
        read = partial(read_changes, class_id)
        async with aclosing(_told(ctx, "classroom", topic, read, after)) as events:
            async for event in events:
                yield event


async def signals(
    ctx: Context, class_id: LiveClassId, after: Place | None = None
) -> AsyncGenerator[SignalEvent | Refused, None]:
    """What others say to the viewer in this class: what waits, then each as it comes."""
    named = decode(class_id)
    topic = signals_topic(named.tenant, f"{named.side}{named.local}", ctx.viewer.user)
    read = partial(read_signals, class_id)
    async with aclosing(_told(ctx, "signals", topic, read, after)) as events:
        async for event in events:
            yield event


async def _told(
    ctx: Context, name: str, topic: str, read: Read[E], after: str | None
) -> AsyncGenerator[E | Refused, None]:
    """All that is behind the cursor, each time that there may be more."""
    if wrong := wrong_with_cursor(after):
        yield wrong
        return
    cursor, traceparent = after, None
    async with ctx.sources.topics.listen(topic) as ear:
        while True:
            news = await read(ctx.renewed(), cursor)
            if isinstance(news, Refused):
                yield news
                return
            for event in news.events:
                yield event
                moment(f"push {name}", traceparent)
            if news.is_over:
                return
            cursor, traceparent = news.cursor, await ear.next()


async def read_changes(
    class_id: LiveClassId, ctx: Context, cursor: str | None
) -> ClassroomNews | Refused:
    return await ctx.sources.classrooms.changes(ctx.caller, class_id, cursor)


async def read_signals(
    class_id: LiveClassId, ctx: Context, cursor: str | None
) -> SignalNews | Refused:
    return await ctx.sources.classrooms.signals(ctx.caller, class_id, cursor)
