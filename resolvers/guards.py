"""Who may see what: pure judgements, one for each parent, made before anything is fetched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.context import Context
from services.contracts.errors import FORBIDDEN, HIDDEN, UNAUTHENTICATED, Refused
from services.contracts.ids import BadId, CourseId, Kind, LearnerId, decode
from services.contracts.learning import Course, Role

Verdicts = list[Refused | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """`judge(ctx, parents)` says for each parent why not, or None; it reads only what `ctx` knows.

    It is called for signed-in viewers only; with `asks_enrolments` their enrolments are known.
    """

    name: str
    judge: Callable[[Context, Sequence[Any]], Verdicts]
    asks_enrolments: bool = False


def names(*kinds: Kind) -> Guard:
    """The parent is an id of one of these kinds, of the viewer's own tenant."""

    def judge(ctx: Context, ids: Sequence[str]) -> Verdicts:
        return [None if _is_own(ctx, text, kinds) else HIDDEN for text in ids]

    return Guard("names " + " ".join(kind.name for kind in kinds), judge)


def _is_own(ctx: Context, text: str, kinds: Sequence[Kind]) -> bool:
    try:
        named = decode(text)
    except BadId:
        return False
    return named.kind in kinds and named.tenant == ctx.viewer.tenant


def _anyone(ctx: Context, parents: Sequence[Any]) -> Verdicts:
    return [None] * len(parents)


def _enrolled(ctx: Context, parents: Sequence[Any]) -> Verdicts:
    """Takes or teaches the course that the parent names, is or belongs to; operators see all."""
    if ctx.viewer.has(Role.OPERATOR):
        return [None] * len(parents)
    enrolments = ctx.enrolments.value
    return [None if enrolments.includes(_course_of(parent)) else HIDDEN for parent in parents]


def _teaches(ctx: Context, parents: Sequence[Any]) -> Verdicts:
    if ctx.viewer.has(Role.OPERATOR):
        return [None] * len(parents)
    enrolments = ctx.enrolments.value
    return [None if enrolments.teaches(_course_of(parent)) else FORBIDDEN for parent in parents]


def _course_of(parent: Any) -> CourseId:
    if isinstance(parent, str):
        return CourseId(parent)
    return CourseId(parent.id if isinstance(parent, Course) else parent.course_id)


def _is_viewer(ctx: Context, parents: Sequence[Any]) -> Verdicts:
    return [None if parent.id == ctx.viewer.id else HIDDEN for parent in parents]


def _may_know(ctx: Context, learners: Sequence[LearnerId]) -> Verdicts:
    """Oneself, or anybody of the tenant for those who work there."""
    if ctx.viewer.roles - {Role.LEARNER}:
        return [None] * len(learners)
    own = ctx.viewer.user
    return [None if decode(learner).local == own else HIDDEN for learner in learners]


def _owns(ctx: Context, attempts: Sequence[Any]) -> Verdicts:
    own = ctx.viewer.user
    return [None if decode(attempt.learner_id).local == own else HIDDEN for attempt in attempts]


signed_in = Guard("signed in", _anyone)
enrolled = Guard("enrolled", _enrolled, asks_enrolments=True)
teaches = Guard("teaches", _teaches, asks_enrolments=True)
is_viewer = Guard("is the viewer", _is_viewer)
may_know = Guard("may know", _may_know)
owns = Guard("owns", _owns)


async def judge(guards: Sequence[Guard], ctx: Context, parents: Sequence[Any]) -> Verdicts:
    """The first refusal of each parent; raises UpstreamError where enrolments cannot be had."""
    if ctx.who is None and guards:
        return [UNAUTHENTICATED] * len(parents)
    verdicts: Verdicts = [None] * len(parents)
    for guard in guards:
        await _judge_undecided(guard, ctx, parents, verdicts)
    return verdicts


async def _judge_undecided(
    guard: Guard, ctx: Context, parents: Sequence[Any], verdicts: Verdicts
) -> None:
    undecided = [place for place, verdict in enumerate(verdicts) if verdict is None]
    if not undecided:
        return
    if guard.asks_enrolments and not ctx.viewer.has(Role.OPERATOR):
        await ctx.enrolments.get()
    found = guard.judge(ctx, [parents[place] for place in undecided])
    for place, verdict in zip(undecided, found, strict=True):
        verdicts[place] = verdict
