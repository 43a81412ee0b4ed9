"""Tells what happens in a live class, and what others say to the viewer there, as it comes."""

from collections.abc import Callable
from functools import partial

from resolvers.context import Context
from resolvers.following import Followed, Look
from resolvers.said_in_class import wrong_with_cursor
from resolvers.topics import Hearing, News
from services.contracts.classroom import ClassroomNews, Place, SignalNews
from services.contracts.classroom_api import classroom_topic, signals_topic
from services.contracts.errors import Refused
from services.contracts.ids import LiveClassId, decode


def begin(
    ctx: Context, class_id: LiveClassId, after: Place | None = None
) -> Place | Refused | None:
    """Behind the cursor; without one, before all that there is to tell."""
    return wrong_with_cursor(after) or after


def hear_class(ctx: Context, class_id: LiveClassId, news: News) -> Hearing:
    named = decode(class_id)
    topic = classroom_topic(named.tenant, f"{named.side}{named.local}")
    return ctx.sources.topics.hear(topic, news)


def hear_signals(ctx: Context, class_id: LiveClassId, news: News) -> Hearing:
    named = decode(class_id)
    topic = signals_topic(named.tenant, f"{named.side}{named.local}", ctx.viewer.user)
    return ctx.sources.topics.hear(topic, news)


async def read_changes(ctx: Context, class_id: LiveClassId, cursor: str | None) -> Look:
    """The class as it is, then each change; it ends with the class."""
    return _look(await ctx.sources.classrooms.changes(ctx.caller, class_id, cursor), cursor)


async def read_signals(ctx: Context, class_id: LiveClassId, cursor: str | None) -> Look:
    """What waits for the viewer, each once and in order."""
    return _look(await ctx.sources.classrooms.signals(ctx.caller, class_id, cursor), cursor)


def _look(news: ClassroomNews | SignalNews | Refused, cursor: str | None) -> Look:
    if isinstance(news, Refused):
        return Look([news], cursor)
    return Look(news.events, news.cursor, is_over=news.is_over)


def attend(ctx: Context, class_id: LiveClassId) -> Callable[[], None]:
    """Whoever listens to a class is there."""
    caller = ctx.caller
    ctx.sources.attendance.comes(caller, class_id)
    return partial(ctx.sources.attendance.goes, caller, class_id)


UPDATES = Followed(hear_class, begin, read_changes, is_shared=True, attend=attend)
SIGNALS = Followed(hear_signals, begin, read_signals)
