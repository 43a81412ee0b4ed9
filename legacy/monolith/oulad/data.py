"""Reads a folder of OULAD into what the monolith keeps, and says what it leaves out."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from legacy.monolith.oulad import files as files
from legacy.monolith.oulad.attempts import HandedIn, taken
from legacy.monolith.oulad.course import Course, Ids, course
from legacy.monolith.oulad.refusals import Reason, Refusals
from legacy.monolith.oulad.rows import (
    Assessment,
    Key,
    Material,
    Presentation,
    Registration,
    Submission,
)

T = TypeVar("T")
OfPresentation = TypeVar("OfPresentation", Assessment, Material)


class Track(Protocol):
    """Shows how far a loop has come."""

    def __call__(self, rows: Iterable[T], what: str) -> Iterable[T]: ...


@dataclass(frozen=True, slots=True)
class Data:
    """Enrolments are pairs of course and learner."""

    courses: list[Course]
    enrolments: list[tuple[int, int]]
    works: list[HandedIn]
    refusals: Refusals

    @property
    def learners(self) -> list[int]:
        return sorted({learner for _, learner in self.enrolments})


def read(folder: Path, track: Track) -> Data:
    """Raises BadFile before anything is known to be wrong with the database."""
    refusals = Refusals()
    courses = _courses(folder, track, refusals)
    enrolments = _enrolments(folder, courses, track, refusals)
    submissions = files.read(folder, files.SUBMISSIONS, Submission.parse, refusals)
    enrolled = {(courses[r.key].id, r.learner) for r in enrolments}
    works = taken(track(submissions, "reading submissions"), courses.values(), enrolled, refusals)
    return Data(
        courses=list(courses.values()),
        enrolments=[(courses[r.key].id, r.learner) for r in enrolments],
        works=list(works),
        refusals=refusals,
    )


def _courses(folder: Path, track: Track, refusals: Refusals) -> dict[Key, Course]:
    presentations = _once(
        files.read(folder, files.COURSES, Presentation.parse, refusals),
        lambda presentation: presentation.key,
        refusals,
    )
    by_key = {presentation.key: presentation for presentation in presentations}
    read_assessments = files.read(folder, files.ASSESSMENTS, Assessment.parse, refusals)
    assessments = _of(by_key, _once(read_assessments, lambda a: a.id, refusals), refusals)
    read_materials = files.read(folder, files.MATERIALS, Material.parse, refusals)
    materials = _of(by_key, track(read_materials, "reading materials"), refusals)
    ids = Ids(assessment.id for theirs in assessments.values() for assessment in theirs)
    return {
        key: course(number, by_key[key], assessments[key], materials[key], ids)
        for number, key in enumerate(sorted(by_key), start=1)
    }


def _enrolments(
    folder: Path, courses: dict[Key, Course], track: Track, refusals: Refusals
) -> list[Registration]:
    read_students = files.read(folder, files.STUDENTS, Registration.parse, refusals)
    students = set(track(read_students, "reading learners"))
    registrations = files.read(folder, files.REGISTRATIONS, Registration.parse, refusals)
    taken_up = []
    for registration in _once(registrations, lambda registration: registration, refusals):
        if registration.key not in courses:
            refusals.add(Reason.UNKNOWN_PRESENTATION)
        elif registration not in students:
            refusals.add(Reason.UNKNOWN_LEARNER)
        else:
            taken_up.append(registration)
    return taken_up


def _of(
    known: dict[Key, Presentation], rows: Iterable[OfPresentation], refusals: Refusals
) -> defaultdict[Key, list[OfPresentation]]:
    """Each presentation's rows."""
    grouped: defaultdict[Key, list[OfPresentation]] = defaultdict(list)
    for row in rows:
        if row.key in known:
            grouped[row.key].append(row)
        else:
            refusals.add(Reason.UNKNOWN_PRESENTATION)
    return grouped


def _once(rows: Iterable[T], key: Callable[[T], Hashable], refusals: Refusals) -> Iterator[T]:
    """The first of those that say the same thing."""
    seen = set()
    for row in rows:
        if key(row) in seen:
            refusals.add(Reason.TWICE)
        else:
            seen.add(key(row))
            yield row
