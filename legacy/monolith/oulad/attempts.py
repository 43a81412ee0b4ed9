"""Makes attempts of submissions, and derives from them which lessons were done."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from legacy.monolith.local_time import write
from legacy.monolith.oulad.course import Course, Exercise, Lesson
from legacy.monolith.oulad.refusals import Reason, Refusals
from legacy.monolith.oulad.rows import Submission
from legacy.monolith.shapes import Attempt

MOST_POINTS = 100.0


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A submission that was taken, and what it belongs to."""

    course: Course
    exercise: Exercise
    submission: Submission


def taken(
    submissions: Iterable[Submission],
    courses: Iterable[Course],
    enrolled: set[tuple[int, int]],
    refusals: Refusals,
) -> Iterator[HandedIn]:
    """Those that can be told; `enrolled` has pairs of course and learner."""
    known = {exercise.id: (course, exercise) for course in courses for exercise in course.exercises}
    seen: set[tuple[int, int]] = set()
    for submission in submissions:
        if reason := _why_not(submission, known, enrolled, seen):
            refusals.add(reason)
            continue
        seen.add((submission.assessment, submission.learner))
        yield HandedIn(*known[submission.assessment], submission)


def _why_not(
    submission: Submission,
    known: Mapping[int, tuple[Course, Exercise]],
    enrolled: set[tuple[int, int]],
    seen: set[tuple[int, int]],
) -> Reason | None:
    if submission.assessment not in known:
        return Reason.UNKNOWN_ASSESSMENT
    if (known[submission.assessment][0].id, submission.learner) not in enrolled:
        return Reason.NOT_ENROLLED
    if submission.score is None:
        return Reason.NO_SCORE
    return Reason.TWICE if (submission.assessment, submission.learner) in seen else None


def attempt(work: HandedIn) -> Attempt:
    """The data say only when it was handed in, so it began and ended then."""
    submitted = work.course.noon(work.submission.day)
    return Attempt(
        number=1,
        state="graded",
        started=write(submitted),
        saved=None,
        submitted=write(submitted),
        answers={},
        score=work.submission.score,
        max=MOST_POINTS,
        late=submitted > work.course.closes(work.exercise),
        banked=work.submission.banked,
    )


def as_json(work: HandedIn) -> str:
    return json.dumps([attempt(work)])


@dataclass(frozen=True, slots=True)
class Completion:
    """A lesson was done by `day`, counted from the start."""

    course: Course
    lesson: Lesson
    learner: int
    day: int


def by_learner(works: Iterable[HandedIn]) -> list[list[HandedIn]]:
    """Each learner's of each course."""
    groups: defaultdict[tuple[int, int], list[HandedIn]] = defaultdict(list)
    for work in works:
        groups[work.course.id, work.submission.learner].append(work)
    return list(groups.values())


def completions(works: list[HandedIn]) -> Iterator[Completion]:
    """Of one learner in one course: who handed in has done the lessons before that deadline."""
    course, learner = works[0].course, works[0].submission.learner
    handed_in = [(work.exercise.day, work.submission.day) for work in works]
    for lesson in course.lessons:
        by = [submitted for deadline, submitted in handed_in if lesson.day < deadline]
        if by:
            yield Completion(course, lesson, learner, min(by))
