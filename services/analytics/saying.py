"""Makes statements of facts: each thing is said once, and a score that changes is taken back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.analytics.facts import AttemptNow, Fact, LessonDone
from services.analytics.platform import Platform
from services.analytics.statement import Activity, Reference, Result, Score, Statement, verb
from services.analytics.told import NOTHING, Told


def subject_of(platform: Platform, fact: Fact) -> UUID:
    """The lesson of that person, or the attempt."""
    match fact:
        case LessonDone(tenant, user, _, lesson):
            return platform.id_of(tenant, "lessons", lesson, user)
        case AttemptNow() as now:
            number = now.attempt.number
            return platform.id_of(now.tenant, "assessments", now.assessment, now.user, number)


def said(
    platform: Platform, facts: Iterable[Fact], told: Mapping[UUID, Told]
) -> tuple[list[Statement], dict[UUID, Told]]:
    """What is to be said of facts in their order, and what will be told when it is."""
    statements: list[Statement] = []
    after: dict[UUID, Told] = {}
    for fact in facts:
        subject = subject_of(platform, fact)
        before = after.get(subject) or told.get(subject, NOTHING)
        saying = Saying(platform, subject, fact, before)
        statements += saying.statements()
        after[subject] = saying.after
    return statements, after


class Saying:
    """Of one fact; `after` is what is told once the statements are made."""

    def __init__(self, platform: Platform, subject: UUID, fact: Fact, before: Told) -> None:
        self._platform = platform
        self._subject = subject
        self._fact = fact
        self.after = before

    def statements(self) -> Iterator[Statement]:
        match self._fact:
            case LessonDone() as lesson:
                yield from self._completed(lesson.at, is_now=True)
            case AttemptNow() as now:
                yield from self._begun(now)
                yield from self._completed(now.attempt.submitted_at or now.at, now.is_handed_in)
                yield from self._scored(now)

    def _begun(self, now: AttemptNow) -> Iterator[Statement]:
        if now.attempt.started_at is not None and not self.after.begun:
            self.after = replace(self.after, begun=True)
            yield self._statement("initialized", now.attempt.started_at)

    def _completed(self, at: datetime, is_now: bool) -> Iterator[Statement]:
        if is_now and not self.after.completed:
            self.after = replace(self.after, completed=True)
            yield self._statement("completed", at, result=Result(completion=True))

    def _scored(self, now: AttemptNow) -> Iterator[Statement]:
        stands, most = self.after, now.attempt.max
        if now.score == stands.score and (now.score is None or most == stands.most):
            return
        if stands.scored is not None:
            yield self._statement("voided", now.at, now.cause, takes_back=stands.scored)
        if now.score is None:
            self.after = replace(stands, scored=None, score=None, most=None)
            return
        result = Result(_score(now.score, most))
        scored = self._statement("scored", now.at, now.cause, result)
        self.after = replace(stands, scored=scored.id, score=now.score, most=most)
        yield scored

    def _statement(
        self,
        name: str,
        at: datetime,
        cause: str = "",
        result: Result | None = None,
        takes_back: UUID | None = None,
    ) -> Statement:
        """What may be said again of a subject, after a change, is told apart by its cause."""
        fact = self._fact
        return Statement(
            id=self._platform.id_of(self._subject, name, cause),
            actor=self._platform.actor(fact.tenant, fact.user),
            verb=verb(name),
            object=self._activity() if takes_back is None else Reference(takes_back),
            result=result,
            context=self._platform.within(fact.tenant, fact.course, self._attempt()),
            timestamp=at,
        )

    def _activity(self) -> Activity:
        match self._fact:
            case LessonDone(tenant, _, _, lesson):
                return self._platform.activity(tenant, "lessons", lesson)
            case AttemptNow() as now:
                return self._platform.activity(now.tenant, "assessments", now.assessment)

    def _attempt(self) -> UUID | None:
        return self._subject if isinstance(self._fact, AttemptNow) else None


def _score(score: float, most: float) -> Score:
    """What is scaled lies between 0 and 1, and penalties may leave less than nothing."""
    scaled = min(max(score / most, 0.0), 1.0) if most > 0 else None
    return Score(score, min(score, 0.0), max(score, most), scaled)
