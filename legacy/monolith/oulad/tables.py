"""The rows that OULAD becomes, table by table; JSON as text, since COPY takes it so."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from legacy.monolith.local_time import write
from legacy.monolith.oulad.attempts import MOST_POINTS, Completion
from legacy.monolith.oulad.course import Course, Exercise
from legacy.monolith.shapes import Assessment, Question

TENANT = "oulad"
TEACHER, OPERATOR, PROCTOR = 1, 2, 3

COLUMNS = {
    "tenants": ("id", "name", "timezone"),
    "people": ("tenant_id", "id", "name", "email", "locale"),
    "roles": ("tenant_id", "user_id", "role"),
    "courses": ("tenant_id", "id", "code", "title", "touched_at"),
    "enrolments": ("tenant_id", "course_id", "user_id", "role"),
    "content": ("tenant_id", "id", "course_id", "parent_id", "kind", "position", "title", "body"),
    "completions": ("tenant_id", "lesson_id", "user_id", "course_id", "done_at"),
}

Row = tuple[Any, ...]


def tenant() -> Row:
    return (TENANT, "Open University (OULAD)", "Europe/London")


def staff() -> list[Row]:
    names = {TEACHER: "Course Tutor", OPERATOR: "Course Office", PROCTOR: "Exam Invigilator"}
    return [
        (TENANT, id_, name, f"staff{id_}@{TENANT}.example", "en-GB") for id_, name in names.items()
    ]


def demo(learner: int) -> dict[str, str]:
    """Whom to sign in as, by role."""
    staff = {"operator": OPERATOR, "teacher": TEACHER, "proctor": PROCTOR}
    return {role: str(id_) for role, id_ in {**staff, "learner": learner}.items()}


def roles(learners: Iterable[int]) -> Iterator[Row]:
    yield from [
        (TENANT, TEACHER, "TEACHER"),
        (TENANT, OPERATOR, "OPERATOR"),
        (TENANT, PROCTOR, "PROCTOR"),
    ]
    yield from ((TENANT, learner, "LEARNER") for learner in learners)


def learner(id_: int) -> Row:
    """The data are pseudonymous, and so is the name."""
    return (TENANT, id_, f"Learner {id_}", f"learner{id_}@{TENANT}.example", "en-GB")


def presentation(course: Course) -> Row:
    return (TENANT, course.id, course.code, course.title, course.starts)


def modules(course: Course) -> Iterator[Row]:
    for position, module in enumerate(course.modules, start=1):
        yield (TENANT, module.id, course.id, None, "module", position, module.title, "{}")


def lessons(course: Course) -> Iterator[Row]:
    placed = [(module, lesson) for module in course.modules for lesson in module.lessons]
    for position, (module, lesson) in enumerate(placed, start=1):
        body = json.dumps({"type": lesson.type})
        yield (TENANT, lesson.id, course.id, module.id, "lesson", position, lesson.title, body)


def assessments(course: Course) -> Iterator[Row]:
    for position, exercise in enumerate(course.exercises, start=1):
        body = json.dumps(_definition(course, exercise))
        title = exercise.title
        yield (TENANT, exercise.id, course.id, None, "assessment", position, title, body)


def completion(done: Completion) -> Row:
    at = done.course.noon(done.day)
    return (TENANT, done.lesson.id, done.learner, done.course.id, at)


def _definition(course: Course, exercise: Exercise) -> Assessment:
    """The data have no questions: one stands for all, which a human marks out of a hundred."""
    question = Question(
        id="q1",
        type="text",
        prompt=f"Hand in your work for {exercise.title}.",
        choices=[],
        answer=None,
        points=MOST_POINTS,
    )
    return Assessment(
        type=exercise.type,
        opens=None,
        closes=write(course.closes(exercise)),
        time_limit_min=None,
        grace_s=0,
        attempts_allowed=1,
        policy="highest",
        weight=exercise.weight,
        questions=[question],
    )
