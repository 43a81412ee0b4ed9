"""Who may see what: pure judgements, one for each parent, made before anything is fetched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.context import Context
from services.contracts.assessment import Attempt
from services.contracts.errors import FORBIDDEN, HIDDEN, UNAUTHENTICATED, Refused
from services.contracts.ids import BadId, CourseId, Kind, LearnerId, decode
from services.contracts.learning import Course, Progress, Role

Verdicts = list[Refused | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """`judge(ctx, parents)` says for each parent why not, or None; it reads only what `ctx` knows.

    It is called for signed-in viewers only; where `asks_enrolments` says so for these parents, what
    the viewer takes and teaches is known by then.
    """

    name: str
    judge: Callable[[Context, Sequence[Any]], Verdicts]
    asks_enrolments: Callable[[Context, Sequence[Any]], bool] | None = None


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
    courses = [_course_of(parent) for parent in parents]
    enrolments = ctx.enrolments.value
    return [None if enrolments.teaches(course) else _refused(ctx, course) for course in courses]


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


def _sees_progress(ctx: Context, parents: Sequence[Progress]) -> Verdicts:
    """One's own, and others' where one teaches."""
    return [
        None if _is_own_progress(ctx, one) or _may_teach(ctx, one.course_id) else FORBIDDEN
        for one in parents
    ]


def _is_own_progress(ctx: Context, progress: Progress) -> bool:
    return decode(progress.learner_id).local == ctx.viewer.user


def _may_teach(ctx: Context, course: CourseId) -> bool:
    return ctx.viewer.has(Role.OPERATOR) or ctx.enrolments.value.teaches(course)


def _for_others_progress(ctx: Context, parents: Sequence[Progress]) -> bool:
    is_own = all(_is_own_progress(ctx, one) for one in parents)
    return not is_own and not ctx.viewer.has(Role.OPERATOR)


def _sees_attempts(ctx: Context, attempts: Sequence[Attempt]) -> Verdicts:
    """One's own, and others' where one supervises; previews are their owner's alone."""
    return [
        None if _owns(ctx, one) or (not one.preview and _oversees(ctx, one.course_id)) else HIDDEN
        for one in attempts
    ]


def _owns(ctx: Context, attempt: Attempt) -> bool:
    return decode(attempt.learner_id).local == ctx.viewer.user


def _oversees(ctx: Context, course: CourseId) -> bool:
    """Nobody watches over a course that they learn in."""
    if ctx.viewer.has(Role.OPERATOR):
        return True
    enrolments = ctx.enrolments.value
    is_proctor = ctx.viewer.has(Role.PROCTOR) and not enrolments.learns(course)
    return is_proctor or enrolments.teaches(course)


def _supervises(ctx: Context, parents: Sequence[Any]) -> Verdicts:
    courses = [_course_of(parent) for parent in parents]
    return [None if _oversees(ctx, course) else _refused(ctx, course) for course in courses]


def _refused(ctx: Context, course: CourseId) -> Refused:
    """Whoever has no part in a course learns nothing of it."""
    return FORBIDDEN if ctx.enrolments.value.includes(course) else HIDDEN


def _unless_operator(ctx: Context, parents: Sequence[Any]) -> bool:
    return not ctx.viewer.has(Role.OPERATOR)


def _for_others_attempts(ctx: Context, attempts: Sequence[Attempt]) -> bool:
    """Whoever looks at their own waits for nobody."""
    is_operator = ctx.viewer.has(Role.OPERATOR)
    return not is_operator and not all(_owns(ctx, one) or one.preview for one in attempts)


signed_in = Guard("signed in", _anyone)
enrolled = Guard("enrolled", _enrolled, asks_enrolments=_unless_operator)
teaches = Guard("teaches", _teaches, asks_enrolments=_unless_operator)
is_viewer = Guard("is the viewer", _is_viewer)
may_know = Guard("may know", _may_know)
sees_progress = Guard("sees the progress", _sees_progress, asks_enrolments=_for_others_progress)
sees_attempt = Guard("sees the attempt", _sees_attempts, asks_enrolments=_for_others_attempts)
supervises = Guard("supervises", _supervises, asks_enrolments=_unless_operator)


async def judge(guards: Sequence[Guard], ctx: Context, parents: Sequence[Any]) -> Verdicts:
    """The first refusal of each parent; raises UpstreamError where enrolments cannot be had."""
    if ctx.who is None and guards:
        return [UNAUTHENTICATED] * len(parents)
    verdicts: Verdicts = [None] * len(parents)
    for guard in guards:
        is_open = not any(verdicts)
        undecided = parents if is_open else _undecided(parents, verdicts)
        if not undecided:
            break
        if guard.asks_enrolments and guard.asks_enrolments(ctx, undecided):
            await ctx.enrolments.get()
        found = guard.judge(ctx, undecided)
        if len(found) != len(undecided):
            raise RuntimeError(f"{guard.name}: {len(found)} verdicts on {len(undecided)} parents")
        verdicts = found if is_open else _filled(verdicts, found)
    return verdicts


def _undecided(parents: Sequence[Any], verdicts: Verdicts) -> list[Any]:
    return [one for one, verdict in zip(parents, verdicts, strict=True) if verdict is None]


def _filled(verdicts: Verdicts, found: Verdicts) -> Verdicts:
    """The first refusals stay."""
    rest = iter(found)
    return [verdict or next(rest) for verdict in verdicts]
