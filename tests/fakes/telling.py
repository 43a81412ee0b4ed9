"""Tells what a fake platform holds as the events of the old side that made it so."""

from collections import defaultdict
from collections.abc import Iterator

from services.contracts import events as said
from services.contracts.assessment import Assessment, Attempt
from services.contracts.events import Event, Happened
from services.contracts.ids import TenantId, decode
from services.contracts.live_class import LiveClass
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import NOW


def told(platform: FakePlatform, tenant: str, *, keys: bool = False) -> list[Event]:
    """The first event of each stream; the platform holds nothing but this tenant.

    With `keys` as they are told to the one who scores.
    """
    exams = _exams(platform, keys)
    found = (*_people(platform), *_courses(platform), *exams, *_done(platform))
    classes = ((f"class/{{}}/{one.live_class}", one) for one in _classes(platform))
    return [happened(tenant, stream.format(tenant), one) for stream, one in (*found, *classes)]


def happened(tenant: str, stream: str, data: Happened, version: int = 1) -> Event:
    return Event("legacy", stream, version, TenantId(tenant), NOW, data)


Told = Iterator[tuple[str, Happened]]


def _people(platform: FakePlatform) -> Told:
    for (_, user), person in platform.people.items():
        about = said.PersonChanged(int(user), person.name, person.locale, person.roles)
        yield f"person/{{}}/{user}", about


def _courses(platform: FakePlatform) -> Told:
    for course in platform.courses.values():
        own = local(course.id)
        yield f"course/{{}}/{own}", said.CourseChanged(own, course.title, course.code)
        for (_, user), role in platform.enrolled[course.id].items():
            enrolled = said.EnrolmentChanged(own, int(user), role)
            yield f"enrolment/{{}}/{own}/{user}", enrolled
        for module in platform.modules[course.id]:
            number = local(module.id)
            yield f"content/{{}}/{number}", said.ModuleChanged(number, own, number, module.title)
            for lesson in module.lessons:
                place = local(lesson.id)
                changed = said.LessonChanged(place, own, number, place, lesson.title, lesson.kind)
                yield f"content/{{}}/{place}", changed


def _exams(platform: FakePlatform, keys: bool) -> Told:
    for assessment in platform.assessments.values():
        own = local(assessment.id)
        yield f"content/{{}}/{own}", _definition(platform, assessment, keys)
        by_user: defaultdict[int, list[Attempt]] = defaultdict(list)
        for attempt in platform.attempts.values():
            if attempt.assessment_id == assessment.id:
                by_user[local(attempt.learner_id)].append(attempt)
        for user, attempts in by_user.items():
            past = sorted((_past(one) for one in attempts), key=lambda one: one.number)
            recorded = said.AttemptsRecorded(own, user, past)
            yield f"attempts/{{}}/{own}/{user}", recorded


def _definition(platform: FakePlatform, one: Assessment, keys: bool) -> said.AssessmentChanged:
    limit = one.time_limit
    return said.AssessmentChanged(
        assessment=local(one.id),
        course=local(one.course_id),
        position=local(one.id),
        title=one.title,
        kind=one.kind,
        opens_at=one.opens_at,
        closes_at=one.closes_at,
        time_limit_s=None if limit is None else int(limit.total_seconds()),
        grace_s=int(one.grace.total_seconds()),
        attempts_allowed=one.attempts_allowed,
        scoring_policy=one.scoring_policy,
        weight=one.weight,
        items=platform.items[one.id],
        keys=platform.hall.keys.get(one.id, []) if keys else None,
    )


def _past(one: Attempt) -> said.PastAttempt:
    score = one.score
    return said.PastAttempt(
        one.number,
        one.state,
        one.started_at,
        one.saved_at,
        one.submitted_at,
        score.raw if score else None,
        score.max if score else 7.5,
        bool(score and score.late),
        one.banked,
    )


def _done(platform: FakePlatform) -> Told:
    courses = {one.id: course for course in platform.courses for one in platform.lessons(course)}
    done: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for (_, user), lesson in platform.done:
        done[local(courses[lesson]), int(user)].append(local(lesson))
    for (number, who), lessons in done.items():
        completed = said.LessonsCompleted(number, who, sorted(lessons))
        yield f"completions/{{}}/{number}/{who}", completed


def _classes(platform: FakePlatform) -> Iterator[said.ClassScheduled]:
    for one in platform.live_classes.values():
        yield _class(one)


def _class(one: LiveClass) -> said.ClassScheduled:
    teacher = local(one.teacher.id) if one.teacher else None
    course = local(one.course_id)
    return said.ClassScheduled(
        local(one.id), course, one.title, teacher, one.starts_at, one.ends_at
    )


def local(global_id: str) -> int:
    return int(decode(global_id).local)
