"""What a row of the monolith's changes says, in the words of the contract.

Untranslatable   it holds a word or a time that means nothing
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from legacy import translate
from legacy.feeder import rows
from legacy.zones import to_utc
from services.contracts import events
from services.contracts.assessment import AssessmentKind, ScoringPolicy
from services.contracts.class_events import ClassHeld
from services.contracts.events import Happened
from services.contracts.ids import Side
from services.contracts.learning import LessonKind, Role
from services.contracts.live_class import LiveClassState
from services.contracts.snapshot import Kind

R = TypeVar("R")


class Untranslatable(ValueError):
    """It holds a word or a time that means nothing."""


def happened(kind: Kind, ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    """`ids` are those in the stream's name; no `data`: the thing is no more."""
    try:
        return _SAYS[kind](ids, zone, data)
    except (msgspec.ValidationError, ValueError, KeyError) as wrong:
        raise Untranslatable(f"{kind} {ids}: {wrong}") from wrong


def _person(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    row = msgspec.convert(data, rows.Person)
    return events.PersonChanged(ids[0], row.name, row.locale, [Role(role) for role in row.roles])


def _course(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    row = msgspec.convert(data, rows.Course)
    return events.CourseChanged(ids[0], row.title, row.code)


def _enrolment(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    course, user = ids
    row = _given(data, rows.Enrolment)
    return events.EnrolmentChanged(course, user, Role(row.role) if row else None)


def _content(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    row = _given(data, rows.Content)
    return _CONTENT[row.kind](ids[0], zone, row) if row else events.ContentRemoved(ids[0])


def _module(own: int, zone: ZoneInfo, row: rows.Content) -> Happened:
    return events.ModuleChanged(own, row.course, row.position, row.title)


def _lesson(own: int, zone: ZoneInfo, row: rows.Content) -> Happened:
    kind = LessonKind(msgspec.convert(row.body, rows.Lesson).type)
    return events.LessonChanged(own, row.course, row.module, row.position, row.title, kind)


def _assessment(own: int, zone: ZoneInfo, row: rows.Content) -> Happened:
    body = msgspec.convert(row.body, rows.Assessment)
    return events.AssessmentChanged(
        assessment=own,
        course=row.course,
        position=row.position,
        title=row.title,
        kind=AssessmentKind(body.type),
        opens_at=translate.instant(body.opens, zone),
        closes_at=translate.instant(body.closes, zone),
        time_limit_s=None if body.time_limit_min is None else body.time_limit_min * 60,
        grace_s=body.grace_s,
        attempts_allowed=body.attempts_allowed,
        scoring_policy=ScoringPolicy(body.policy.upper()),
        weight=body.weight,
        items=[translate.item(question) for question in body.questions],
    )


def _attempts(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    assessment, user = ids
    tried = msgspec.convert(data or [], list[rows.Attempt])
    return events.AttemptsRecorded(assessment, user, [_attempt(one, zone) for one in tried])


def _attempt(row: rows.Attempt, zone: ZoneInfo) -> events.PastAttempt:
    return events.PastAttempt(
        number=row.number,
        state=translate.STATES[row.state],
        started_at=translate.instant(row.started, zone),
        saved_at=translate.instant(row.saved, zone),
        submitted_at=translate.instant(row.submitted, zone),
        score=row.score,
        max=row.max,
        late=row.late,
        banked=row.banked,
    )


def _completions(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    course, user = ids
    return events.LessonsCompleted(course, user, msgspec.convert(data, rows.Completions).lessons)


def _class(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    row = _given(data, rows.LiveClass)
    if row is None:
        return events.ClassRemoved(ids[0])
    starts_at, ends_at = to_utc(row.starts, zone), to_utc(row.ends, zone)
    return events.ClassScheduled(ids[0], row.course, row.title, row.teacher, starts_at, ends_at)


def _room(ids: list[int], zone: ZoneInfo, data: Any) -> Happened:
    row = msgspec.convert(data, rows.Room)
    state = LiveClassState(row.state.upper())
    return ClassHeld(f"{Side.LEGACY}{ids[0]}", row.course, state)


def _given(data: Any, form: type[R]) -> R | None:
    return None if data is None else msgspec.convert(data, form)


_SAYS: Mapping[Kind, Callable[[list[int], ZoneInfo, Any], Happened]] = {
    Kind.PERSON: _person,
    Kind.COURSE: _course,
    Kind.ENROLMENT: _enrolment,
    Kind.CONTENT: _content,
    Kind.ATTEMPTS: _attempts,
    Kind.COMPLETIONS: _completions,
    Kind.CLASS: _class,
    Kind.ROOM: _room,
}
_CONTENT: Mapping[str, Callable[[int, ZoneInfo, rows.Content], Happened]] = {
    "module": _module,
    "lesson": _lesson,
    "assessment": _assessment,
}
