"""Does what teachers, proctors and operators do to attempts: checked here, judged by the side."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from resolvers.attempt import witnessed
from resolvers.context import Context
from resolvers.guards import names
from resolvers.ports import AttemptResult
from resolvers.said import (
    BAD_KEY,
    BAD_NOTE,
    BAD_RESPONSE,
    LONGEST_REASON,
    is_key,
    wrong_with_grant,
    wrong_with_item,
    wrong_with_points,
    wrong_with_reason,
    wrong_with_response,
)
from services.contracts.assessment import AtEnd, Response, Rules
from services.contracts.errors import ErrorCode, Refused
from services.contracts.freshness import ConsistencyToken
from services.contracts.ids import AssessmentId, AttemptId, Kind, LearnerId
from services.contracts.supervising import Deed, Extra, RegradeAccepted, RulesSet, TimeGranted

Acts = Callable[[Context, AttemptId, str, str], Awaitable[AttemptResult]]
LEARNERS = names(Kind.LEARNER)
NO_TIME = timedelta(0)
LONGEST_RULE = timedelta(days=366)
BAD_RULES = Refused(
    ErrorCode.INVALID,
    f"Times lie between none and {LONGEST_RULE.days} days, a penalty between 0 and 100 percent.",
)


def acting(deed: Deed) -> Acts:
    async def act(ctx: Context, attempt_id: AttemptId, reason: str, key: str) -> AttemptResult:
        if (wrong := wrong_with_reason(reason, key)) is not None:
            return wrong
        supervising = ctx.sources.supervising
        return witnessed(ctx, await supervising.act(ctx.caller, deed, attempt_id, reason, key))

    return act


async def grade_item(
    ctx: Context,
    attempt_id: AttemptId,
    item_id: str,
    points: float,
    key: str,
    note: str | None = None,
) -> AttemptResult:
    wrong = wrong_with_item(item_id) or wrong_with_points(points)
    if not is_key(key):
        wrong = BAD_KEY
    if len(note or "") > LONGEST_REASON:
        wrong = BAD_NOTE
    if wrong is not None:
        return wrong
    supervising = ctx.sources.supervising
    done = await supervising.grade_item(ctx.caller, attempt_id, item_id, points, note, key)
    return witnessed(ctx, done)


async def grant(
    ctx: Context,
    assessment_id: AssessmentId,
    learner_ids: Sequence[LearnerId],
    reason: str,
    key: str,
    extra: timedelta | None = None,
    multiplier: float | None = None,
    extra_attempts: int | None = None,
) -> TimeGranted | Refused:
    learners = list(dict.fromkeys(learner_ids))
    given = Extra(
        learners,
        extra or NO_TIME,
        1.0 if multiplier is None else multiplier,
        extra_attempts or 0,
    )
    wrong = wrong_with_reason(reason, key) or wrong_with_grant(
        len(learners), given.extra, given.multiplier, given.extra_attempts
    )
    foreign = next(filter(None, LEARNERS.judge(ctx, learners)), None)
    supervising = ctx.sources.supervising
    return (
        wrong or foreign or await supervising.grant(ctx.caller, assessment_id, given, reason, key)
    )


async def regrade(
    ctx: Context,
    assessment_id: AssessmentId,
    item_id: str,
    correct: Response | None,
    reason: str,
    key: str,
) -> RegradeAccepted | Refused:
    if correct is None or correct.is_cleared:
        return BAD_RESPONSE
    wrong = (
        wrong_with_reason(reason, key) or wrong_with_item(item_id) or wrong_with_response(correct)
    )
    supervising = ctx.sources.supervising
    return wrong or await supervising.regrade(
        ctx.caller, assessment_id, item_id, correct, reason, key
    )


async def set_rules(
    ctx: Context,
    assessment_id: AssessmentId,
    at_end: AtEnd,
    key: str,
    late_for: timedelta | None = NO_TIME,
    late_penalty: float = 0.0,
    overdue: timedelta | None = None,
    prepare: timedelta | None = None,
) -> RulesSet | Refused:
    """`late_for` is None where late ones are taken for good."""
    if not is_key(key):
        return BAD_KEY
    spans = [span or NO_TIME for span in (late_for, overdue, prepare)]
    if not 0 <= late_penalty <= 100 or not all(NO_TIME <= one <= LONGEST_RULE for one in spans):
        return BAD_RULES
    late_for_s, overdue_s, prepare_s = (int(one.total_seconds()) for one in spans)
    taken_s = None if late_for is None else late_for_s
    rules = Rules(at_end, taken_s, late_penalty, overdue_s, prepare_s)
    return await ctx.sources.supervising.set_rules(ctx.caller, assessment_id, rules, key)


def token(ctx: Context, done: TimeGranted | RegradeAccepted | RulesSet) -> ConsistencyToken:
    """What was done has no version of its own: nothing is known to have been seen."""
    return ctx.consistency.token({})
