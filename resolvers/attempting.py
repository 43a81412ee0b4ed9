"""Does what learners do to their attempts: what is said is checked, then the side is asked."""

from collections.abc import Sequence

from resolvers.attempt import witnessed
from resolvers.context import Context
from resolvers.ports import AttemptResult
from resolvers.said import BAD_KEY, is_key, wrong_with_answers
from services.contracts.assessment import Given
from services.contracts.ids import AssessmentId, AttemptId


async def start(ctx: Context, assessment_id: AssessmentId, key: str) -> AttemptResult:
    if not is_key(key):
        return BAD_KEY
    return witnessed(ctx, await ctx.sources.attempting.start(ctx.caller, assessment_id, key))


async def save(
    ctx: Context,
    attempt_id: AttemptId,
    answers: Sequence[Given | None],
    key: str,
    expected_version: int | None = None,
) -> AttemptResult:
    given = _given(answers)
    wrong = wrong_with_answers(answers, key, expected_version)
    if wrong is not None:
        return wrong
    attempting = ctx.sources.attempting
    done = await attempting.save(ctx.caller, attempt_id, given, key, expected_version)
    return witnessed(ctx, done)


async def submit(
    ctx: Context,
    attempt_id: AttemptId,
    key: str,
    answers: Sequence[Given | None] | None = None,
    expected_version: int | None = None,
) -> AttemptResult:
    given = _given(answers or ())
    wrong = wrong_with_answers(answers or (), key, expected_version)
    if wrong is not None:
        return wrong
    attempting = ctx.sources.attempting
    done = await attempting.submit(ctx.caller, attempt_id, given, key, expected_version)
    return witnessed(ctx, done)


def _given(answers: Sequence[Given | None]) -> list[Given]:
    return [one for one in answers if one is not None]
