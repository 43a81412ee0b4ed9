"""What the change log is told of each event: whom it concerns, once, and not of progress."""

from collections.abc import Sequence

import pytest

from services.contracts import events as said
from services.contracts.assessment import AssessmentKind, ScoringPolicy
from services.contracts.changes import EVERYTHING
from services.contracts.events import Happened
from services.contracts.learning import LessonKind, Role
from services.progress.projection import early
from services.progress.projection.projection import ProgressProjection
from tests.integration.progress.campus import Campus

QUIZ = said.AssessmentChanged(
    assessment=7,
    course=1,
    position=1,
    title="Quiz",
    kind=AssessmentKind.QUIZ,
    opens_at=None,
    closes_at=None,
    time_limit_s=None,
    grace_s=0,
    attempts_allowed=1,
    scoring_policy=ScoringPolicy.HIGHEST,
    weight=10.0,
    items=[],
)
SAID: list[tuple[str, Happened, list[str]]] = [
    ("course/{}/1", said.CourseChanged(1, "Cells", "C-9"), ["course:{}:1"]),
    ("content/{}/1", said.ModuleChanged(1, 1, 1, "Cells"), ["course:{}:1"]),
    ("content/{}/99", said.LessonChanged(99, 2, 9, 1, "A", LessonKind.TEXT), ["course:{}:2"]),
    ("content/{}/7", QUIZ, ["course:{}:1"]),
    ("content/{}/2", said.ContentRemoved(2), ["course:{}:1"]),
    ("content/{}/9", said.ContentRemoved(9), ["course:{}:2"]),
    ("content/{}/7", said.ContentRemoved(7), ["course:{}:1"]),
    ("content/{}/12345", said.ContentRemoved(12_345), []),
    ("enrolment/{}/1/4", said.EnrolmentChanged(1, 4, None), ["enrolments:{}:4"]),
    ("enrolment/{}/1/9", said.EnrolmentChanged(1, 9, Role.TEACHER), ["enrolments:{}:9"]),
    ("person/{}/4", said.PersonChanged(4, "Ada", "en", [Role.LEARNER]), ["person:{}:4"]),
    ("completions/{}/1/4", said.LessonsCompleted(1, 4, [3]), []),
]


@pytest.mark.parametrize(("stream", "data", "tags"), SAID)
async def test_an_event_says_what_it_concerns(
    campus: Campus, stream: str, data: Happened, tags: list[str]
) -> None:
    await campus.happens(stream, data)

    assert campus.changes.said == [tag.format(campus.tenant) for tag in tags]


async def test_a_batch_says_each_tag_once(campus: Campus) -> None:
    events = [
        campus.next("course/{}/1", said.CourseChanged(1, "Cells", "C-9")),
        campus.next("content/{}/1", said.ModuleChanged(1, 1, 1, "Cells")),
        campus.next("enrolment/{}/2/4", said.EnrolmentChanged(2, 4, None)),
    ]
    found = await campus.take(events)
    await campus.projection.announce(found.fresh)

    own = campus.tenant
    assert campus.changes.said == [f"course:{own}:1", f"enrolments:{own}:4"]


COURSE = ("course/{}/77", said.CourseChanged(77, "Late", "L-3"))
ENROLMENT = ("enrolment/{}/77/4", said.EnrolmentChanged(77, 4, Role.LEARNER))


@pytest.mark.parametrize("order", [(ENROLMENT, COURSE), (COURSE, ENROLMENT)])
async def test_an_enrolment_is_said_once_it_is_in_its_owners_list(
    campus: Campus, order: Sequence[tuple[str, Happened]]
) -> None:
    """Whichever comes first: they are of streams of their own."""
    for stream, data in order:
        campus.changes.said.clear()
        await campus.happens(stream, data)

    assert f"enrolments:{campus.tenant}:4" in campus.changes.said


async def test_without_asking_who_was_there_before_it_is_said_too_early(campus: Campus) -> None:
    campus.projection = ProgressProjection(campus.topics, campus.changes)
    await campus.happens(*ENROLMENT)
    campus.changes.said.clear()
    await campus.happens(*COURSE)

    assert campus.changes.said == [f"course:{campus.tenant}:77"]


async def test_of_many_it_is_not_said_one_by_one(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(early, "MOST", 0)
    await campus.happens(*ENROLMENT)
    await campus.happens(*COURSE)

    assert EVERYTHING in campus.changes.said


async def test_what_was_removed_is_said_once(campus: Campus) -> None:
    await campus.happens("content/{}/2", said.ContentRemoved(2))
    await campus.happens("content/{}/2", said.ContentRemoved(2))

    assert campus.changes.said == [f"course:{campus.tenant}:1"]


async def test_more_than_was_announced_is_everything(campus: Campus) -> None:
    await campus.projection.announce_all()

    assert campus.changes.said == [EVERYTHING]
