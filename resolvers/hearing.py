"""Tells what happens in a live class, and what others say to the viewer there, as it comes."""

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
    """What is behind the cursor is told; without one the class as it is, or all that waits."""
    return wrong_with_cursor(after) or after


async def look_in(ctx: Context, class_id: LiveClassId, told: str | None) -> Look:
    return _look(await ctx.sources.classrooms.changes(ctx.caller, class_id, told), told)


async def look_through(ctx: Context, class_id: LiveClassId, told: str | None) -> Look:
    return _look(await ctx.sources.classrooms.signals(ctx.caller, class_id, told), told)


def _look(news: ClassroomNews | SignalNews | Refused, told: str | None) -> Look:
    if isinstance(news, Refused):
        return Look([news], told)
    return Look(news.events, news.cursor, is_over=news.is_over)


def _hear_class(ctx: Context, class_id: LiveClassId, news: News) -> Hearing:
    named = decode(class_id)
    topic = classroom_topic(named.tenant, f"{named.side}{named.local}")
    return ctx.sources.topics.hear(topic, news)


def _hear_mailbox(ctx: Context, class_id: LiveClassId, news: News) -> Hearing:
    named = decode(class_id)
    topic = signals_topic(named.tenant, f"{named.side}{named.local}", ctx.viewer.user)
    return ctx.sources.topics.hear(topic, news)


CLASSROOM = Followed(_hear_class, begin, look_in, is_shared=True)
"""The class as it is, then each change: alike to all who take part."""
SIGNALS = Followed(_hear_mailbox, begin, look_through)
"""What others say to the viewer: what waits, then each as it comes."""
