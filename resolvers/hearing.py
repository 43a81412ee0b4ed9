"""Tells what happens in a live class, and what others say to the viewer there, as it comes."""

from contextlib import AbstractContextManager

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
    """Behind their cursor."""
    return wrong_with_cursor(after) or after


async def look(ctx: Context, class_id: LiveClassId, told: str | None) -> Look:
    return _found(await ctx.sources.classrooms.changes(ctx.caller, class_id, told), told)


async def look_for_signals(ctx: Context, class_id: LiveClassId, told: str | None) -> Look:
    return _found(await ctx.sources.classrooms.signals(ctx.caller, class_id, told), told)


def _found(news: ClassroomNews | SignalNews | Refused, told: str | None) -> Look:
    if isinstance(news, Refused):
        return Look([news], told)
    return Look(news.events, news.cursor, is_over=news.is_over)


def _listen(ctx: Context, class_id: LiveClassId, news: News) -> Hearing:
    named = decode(class_id)
    topic = classroom_topic(named.tenant, f"{named.side}{named.local}")
    return ctx.sources.topics.hear(topic, news)


def _listen_for_signals(ctx: Context, class_id: LiveClassId, news: News) -> Hearing:
    named = decode(class_id)
    topic = signals_topic(named.tenant, f"{named.side}{named.local}", ctx.viewer.user)
    return ctx.sources.topics.hear(topic, news)


def _attend(ctx: Context, class_id: LiveClassId) -> AbstractContextManager[None]:
    return ctx.sources.attendance.listening(ctx.caller, class_id)


UPDATES = Followed(_listen, begin, look, is_shared=True, attend=_attend)
"""The class as it is, then each change; with `after` what is new behind it. Ends with it."""

SIGNALS = Followed(_listen_for_signals, begin, look_for_signals)
"""What others say to the viewer in this class: what waits, then each as it comes."""
