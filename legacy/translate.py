"""The monolith's words in the contract's: ids, kinds, states, instants."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from legacy import wire
from legacy.client import LegacyRefusal
from legacy.zones import to_utc
from services.contracts import assessment, learning, live_class
from services.contracts.errors import HIDDEN
from services.contracts.ids import (
    AssessmentId,
    BadId,
    CourseId,
    Kind,
    LessonId,
    LiveClassId,
    ModuleId,
    Side,
    TenantId,
    ViewerId,
    decode,
    encode,
    learner_id,
)

NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
"""As the monolith writes it: with zeros before it, two ids would name one thing."""

ITEM_KINDS = {
    "single": assessment.ItemKind.SINGLE_CHOICE,
    "multiple": assessment.ItemKind.MULTIPLE_CHOICE,
    "number": assessment.ItemKind.NUMERIC,
    "text": assessment.ItemKind.TEXT,
    "order": assessment.ItemKind.ORDERING,
}
STATES = {
    "in_progress": assessment.AttemptState.IN_PROGRESS,
    # It waits for a human, and for nothing else (NO_REVIEW_STATE).
    "submitted": assessment.AttemptState.PENDING_REVIEW,
    "graded": assessment.AttemptState.GRADED,
}


def local(global_id: str, side: Side | None = None) -> str:
    """The monolith's own id of a thing, safe in a path; raises LegacyRefusal where it has none.

    Of things that are on a side, those of another `side` are none of its.
    """
    own = number(untrusted(global_id))
    if side not in (None, decode(global_id).side):
        raise LegacyRefusal(HIDDEN)
    return own


def untrusted(global_id: str) -> str:
    """The local id as it was given to us; raises LegacyRefusal where the text is no id."""
    try:
        return decode(global_id).local
    except BadId as wrong:
        raise LegacyRefusal(HIDDEN) from wrong


def number(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise LegacyRefusal(HIDDEN)
    return text


def course_id(tenant: TenantId, number: int) -> CourseId:
    return CourseId(encode(Kind.COURSE, tenant, number))


def person(tenant: TenantId, me: wire.Me) -> learning.Person:
    own = ViewerId(encode(Kind.VIEWER, tenant, me.id))
    return learning.Person(own, me.name, me.locale, [learning.Role(role) for role in me.roles])


def learner(tenant: TenantId, user: wire.User) -> learning.Learner:
    return learning.Learner(learner_id(tenant, user.id), user.name)


def course(tenant: TenantId, found: wire.Course | wire.MyCourse) -> learning.Course:
    return learning.Course(course_id(tenant, found.id), found.title, found.code)


def enrolment(tenant: TenantId, mine: wire.MyCourse) -> learning.Enrolment:
    return learning.Enrolment(course(tenant, mine), learning.Role(mine.role))


def module(tenant: TenantId, of: CourseId, found: wire.Module) -> learning.Module:
    lessons = [_outline_lesson(tenant, of, lesson) for lesson in found.lessons]
    return learning.Module(ModuleId(encode(Kind.MODULE, tenant, found.id)), found.title, lessons)


def _outline_lesson(tenant: TenantId, of: CourseId, found: wire.OutlineLesson) -> learning.Lesson:
    return learning.Lesson(
        LessonId(encode(Kind.LESSON, tenant, found.id)),
        of,
        found.title,
        learning.LessonKind(found.type),
    )


def completed(tenant: TenantId, found: wire.Outline) -> learning.Completed:
    return learning.Completed(
        [
            LessonId(encode(Kind.LESSON, tenant, lesson.id))
            for module in found.modules
            for lesson in module.lessons
            if lesson.done
        ]
    )


def lesson(tenant: TenantId, found: wire.Lesson) -> learning.Lesson:
    shown = wire.OutlineLesson(found.id, found.title, found.type, found.done)
    return _outline_lesson(tenant, course_id(tenant, found.course), shown)


def an_assessment(
    tenant: TenantId, zone: ZoneInfo, found: wire.Assessment
) -> assessment.Assessment:
    minutes = found.time_limit_min
    return assessment.Assessment(
        id=AssessmentId(encode(Kind.ASSESSMENT, tenant, found.id)),
        course_id=course_id(tenant, found.course),
        title=found.title,
        kind=assessment.AssessmentKind(found.type),
        opens_at=instant(found.opens, zone),
        closes_at=instant(found.closes, zone),
        time_limit=None if minutes is None else timedelta(minutes=minutes),
        grace=timedelta(seconds=found.grace_s),
        attempts_allowed=found.attempts_allowed,
        scoring_policy=assessment.ScoringPolicy(found.policy.upper()),
        weight=found.weight,
    )


def item(question: wire.Question) -> assessment.Item:
    choices = [assessment.Choice(choice["id"], choice["label"]) for choice in question.choices]
    return assessment.Item(
        question.id, question.prompt, ITEM_KINDS[question.type], choices, question.points
    )


def a_live_class(
    tenant: TenantId, zone: ZoneInfo, now: datetime, found: wire.LiveClass
) -> live_class.LiveClass:
    ends_at = to_utc(found.ends, zone)
    states = live_class.LiveClassState
    return live_class.LiveClass(
        id=LiveClassId(encode(Kind.LIVE_CLASS, tenant, found.id, Side.LEGACY)),
        course_id=course_id(tenant, found.course),
        title=found.title,
        teacher=learner(tenant, found.teacher) if found.teacher else None,
        starts_at=to_utc(found.starts, zone),
        ends_at=ends_at,
        state=states.ENDED if ends_at <= now else states.SCHEDULED,
    )


def instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    return None if text is None else to_utc(text, zone)
