"""Who may see what: pure judgements, one for each parent, made before anything is fetched."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.context import Context, Knowing
from services.contracts.assessment import Attempt
from services.contracts.errors import FORBIDDEN, HIDDEN, UNAUTHENTICATED, Refused
from services.contracts.ids import BadId, CourseId, Kind, LearnerId, decode
from services.contracts.learning import Course, Learner, Progress, Role
from services.kit.trail import Trail

Verdicts = list[Refused | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """`judge(ctx, parents)` says for each parent why not, or None; it reads only what `ctx` knows.

    It is called for signed-in viewers only, unless it is `for_strangers`; where `asks_enrolments`
    says so for these parents, what the viewer takes and teaches is known by then. `facts` gives
    what can be judged in the parents' place, for another viewer of the tenant who is to be shown
    the same; None: nothing can. Where it `finds` something, that is judged in the parents' place.
    """

    name: str
    judge: Callable[[Knowing, Sequence[Any]], Verdicts]
    asks_enrolments: Callable[[Knowing, Sequence[Any]], bool] | None = None
    facts: Callable[[Sequence[Any]], list[str]] | None = None
    for_strangers: bool = False
    finds: Callable[[Context, Sequence[Any]], Awaitable[Sequence[Any]]] | None = None


def names(*kinds: Kind) -> Guard:
    """The parent is an id of one of these kinds, of the viewer's own tenant."""

    def judge(ctx: Knowing, ids: Sequence[str]) -> Verdicts:
        return [None if _is_own(ctx, text, kinds) else HIDDEN for text in ids]

    return Guard("names " + " ".join(kind.name for kind in kinds), judge, facts=_none)


def _is_own(ctx: Knowing, text: str, kinds: Sequence[Kind]) -> bool:
    try:
        named = decode(text)
    except BadId:
        return False
    return named.kind in kinds and named.tenant == ctx.viewer.tenant


def _anyone(ctx: Knowing, parents: Sequence[Any]) -> Verdicts:
    return [None] * len(parents)


def _enrolled(ctx: Knowing, parents: Sequence[Any]) -> Verdicts:
    """Takes or teaches the course that the parent names, is or belongs to; operators see all."""
    if ctx.viewer.has(Role.OPERATOR):
        return [None] * len(parents)
    enrolments = ctx.enrolments.value
    return [None if enrolments.includes(_course_of(parent)) else HIDDEN for parent in parents]


def _teaches(ctx: Knowing, parents: Sequence[Any]) -> Verdicts:
    if ctx.viewer.has(Role.OPERATOR):
        return [None] * len(parents)
    courses = [_course_of(parent) for parent in parents]
    enrolments = ctx.enrolments.value
    return [None if enrolments.teaches(course) else _refused(ctx, course) for course in courses]


def _none(parents: Sequence[Any]) -> list[str]:
    """All of a tenant's viewers are alike to it."""
    return []


def _courses(parents: Sequence[Any]) -> list[str]:
    return [_course_of(parent) for parent in parents]


def _course_of(parent: Any) -> CourseId:
    if isinstance(parent, str):
        return CourseId(parent)
    return CourseId(parent.id if isinstance(parent, Course) else parent.course_id)


def _is_viewer(ctx: Knowing, parents: Sequence[Any]) -> Verdicts:
    return [None if parent.id == ctx.viewer.id else HIDDEN for parent in parents]


def _may_know(ctx: Knowing, learners: Sequence[LearnerId | Learner]) -> Verdicts:
    """Oneself, or anybody of the tenant for those who work there."""
    if ctx.viewer.roles - {Role.LEARNER}:
        return [None] * len(learners)
    own = ctx.viewer.user
    ids = [one.id if isinstance(one, Learner) else one for one in learners]
    return [None if decode(learner).local == own else HIDDEN for learner in ids]


def _sees_progress(ctx: Knowing, parents: Sequence[Progress]) -> Verdicts:
    """One's own, and others' where one teaches."""
    return [
        None if _is_own_progress(ctx, one) or _may_teach(ctx, one.course_id) else FORBIDDEN
        for one in parents
    ]


def _is_own_progress(ctx: Knowing, progress: Progress) -> bool:
    return decode(progress.learner_id).local == ctx.viewer.user


def _may_teach(ctx: Knowing, course: CourseId) -> bool:
    return ctx.viewer.has(Role.OPERATOR) or ctx.enrolments.value.teaches(course)


def _for_others_progress(ctx: Knowing, parents: Sequence[Progress]) -> bool:
    is_own = all(_is_own_progress(ctx, one) for one in parents)
    return not is_own and not ctx.viewer.has(Role.OPERATOR)


def _sees_attempts(ctx: Knowing, attempts: Sequence[Attempt]) -> Verdicts:
    """One's own, and others' where one supervises; previews are their owner's alone."""
    return [
        None if _owns(ctx, one) or (not one.preview and _oversees(ctx, one.course_id)) else HIDDEN
        for one in attempts
    ]


def _owns(ctx: Knowing, attempt: Attempt) -> bool:
    return decode(attempt.learner_id).local == ctx.viewer.user


def _oversees(ctx: Knowing, course: CourseId) -> bool:
    """Nobody watches over a course that they learn in."""
    if ctx.viewer.has(Role.OPERATOR):
        return True
    enrolments = ctx.enrolments.value
    is_proctor = ctx.viewer.has(Role.PROCTOR) and not enrolments.learns(course)
    return is_proctor or enrolments.teaches(course)


def _supervises(ctx: Knowing, parents: Sequence[Any]) -> Verdicts:
    courses = [_course_of(parent) for parent in parents]
    return [None if _oversees(ctx, course) else _refused(ctx, course) for course in courses]


def _refused(ctx: Knowing, course: CourseId) -> Refused:
    """Whoever has no part in a course learns nothing of it."""
    return FORBIDDEN if ctx.enrolments.value.includes(course) else HIDDEN


def _unless_operator(ctx: Knowing, parents: Sequence[Any]) -> bool:
    return not ctx.viewer.has(Role.OPERATOR)


def _for_others_attempts(ctx: Knowing, attempts: Sequence[Attempt]) -> bool:
    """Whoever looks at their own waits for nobody."""
    is_operator = ctx.viewer.has(Role.OPERATOR)
    return not is_operator and not all(_owns(ctx, one) or one.preview for one in attempts)


everybody = Guard("everybody", _anyone, facts=_none, for_strangers=True)
signed_in = Guard("signed in", _anyone, facts=_none)
enrolled = Guard("enrolled", _enrolled, asks_enrolments=_unless_operator, facts=_courses)
teaches = Guard("teaches", _teaches, asks_enrolments=_unless_operator, facts=_courses)
is_viewer = Guard("is the viewer", _is_viewer)
may_know = Guard("may know", _may_know)
sees_progress = Guard("sees the progress", _sees_progress, asks_enrolments=_for_others_progress)
sees_attempt = Guard("sees the attempt", _sees_attempts, asks_enrolments=_for_others_attempts)
supervises = Guard("supervises", _supervises, asks_enrolments=_unless_operator, facts=_courses)

AGAIN = {guard.name: guard for guard in (enrolled, teaches, supervises)}
"""Those that judge facts, by the names that a trail has."""


async def judge(guards: Sequence[Guard], ctx: Context, parents: Sequence[Any]) -> Verdicts:
    """The first refusal of each parent; raises UpstreamError where enrolments cannot be had."""
    if ctx.who is None and not all(guard.for_strangers for guard in guards):
        return [UNAUTHENTICATED] * len(parents)
    verdicts: Verdicts = [None] * len(parents)
    for guard in guards:
        is_open = not any(verdicts)
        undecided = parents if is_open else _undecided(parents, verdicts)
        if not undecided:
            break
        if guard.asks_enrolments and guard.asks_enrolments(ctx, undecided):
            await ctx.enrolments.get()
        found = await _judged(guard, ctx, undecided)
        if len(found) != len(undecided):
            raise RuntimeError(f"{guard.name}: {len(found)} verdicts on {len(undecided)} parents")
        if ctx.trail is not None:
            _note(guard, undecided, found, ctx.trail)
        verdicts = found if is_open else _filled(verdicts, found)
    return verdicts


async def _judged(guard: Guard, ctx: Context, parents: Sequence[Any]) -> Verdicts:
    """What cannot be found is refused with why not."""
    if guard.finds is None:
        return guard.judge(ctx, parents)
    found = await guard.finds(ctx, parents)
    verdicts = [one if isinstance(one, Refused) else None for one in found]
    rest = _undecided(found, verdicts)
    return _filled(verdicts, guard.judge(ctx, rest))


def _note(guard: Guard, parents: Sequence[Any], found: Verdicts, trail: Trail) -> None:
    if guard.facts is None or any(found):
        trail.is_for_all = False
    elif facts := guard.facts(parents):
        trail.judged(guard.name, facts)


async def judge_again(facts: Mapping[str, Sequence[str]], ctx: Context) -> bool:
    """Whether this viewer may be shown what others were, of whom `facts` were judged. Raises
    UpstreamError where enrolments cannot be had.
    """
    if any(_asks_enrolments(AGAIN.get(name), ctx, judged) for name, judged in facts.items()):
        await ctx.enrolments.get()
    return judge_now(facts, ctx)


def judge_now(facts: Mapping[str, Sequence[str]], known: Knowing) -> bool:
    """As `judge_again`, where enrolments are known."""
    for name, judged in facts.items():
        guard = AGAIN.get(name)
        if guard is None or any(guard.judge(known, judged)):
            return False
    return True


def _asks_enrolments(guard: Guard | None, ctx: Context, judged: Sequence[str]) -> bool:
    return bool(guard and guard.asks_enrolments and guard.asks_enrolments(ctx, judged))


def _undecided(parents: Sequence[Any], verdicts: Verdicts) -> list[Any]:
    return [one for one, verdict in zip(parents, verdicts, strict=True) if verdict is None]


def _filled(verdicts: Verdicts, found: Verdicts) -> Verdicts:
    """The first refusals stay."""
    rest = iter(found)
    return [verdict or next(rest) for verdict in verdicts]
