"""Answers for the scores of courses: of whoever a progress is."""

from collections.abc import Sequence

from resolvers.context import Context
from resolvers.ports import Each
from services.contracts.assessment import Score
from services.contracts.learning import Progress


async def of_progress(ctx: Context, parents: Sequence[Progress]) -> Each[Score | None]:
    pairs = [(one.course_id, one.learner_id) for one in parents]
    return await ctx.sources.attempts.scores(ctx.caller, pairs)
