"""Who may do what in a live class: judged by the course that the timetable says it is of."""

from collections.abc import Sequence
from dataclasses import replace

from resolvers.context import Context
from resolvers.guards import enrolled, names, teaches
from resolvers.ports import Each
from services.contracts.ids import Kind, LiveClassId
from services.contracts.live_class import LiveClass


async def _classes(ctx: Context, ids: Sequence[LiveClassId]) -> Each[LiveClass]:
    return await ctx.sources.live_classes.many(ctx.caller, ids)


takes_part = replace(enrolled, name="takes part", facts=None, finds=_classes)
leads = replace(teaches, name="leads", facts=None, finds=_classes)

TAKES_PART = [names(Kind.LIVE_CLASS), takes_part]
LEADS = [names(Kind.LIVE_CLASS), leads]
