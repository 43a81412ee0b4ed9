"""Each kind of change in the words of the contract."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from legacy.feeder import told
from legacy.feeder.happened import Untranslatable, happened
from services.contracts import class_events, events
from services.contracts.assessment import (
    AssessmentKind,
    AttemptState,
    Choice,
    Item,
    ItemKind,
    ScoringPolicy,
)
from services.contracts.events import Happened, PastAttempt
from services.contracts.learning import LessonKind, Role
from services.contracts.live_class import LiveClassState
from services.contracts.snapshot import Kind

JAKARTA, LONDON = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/London")

QUESTION = {
    "id": "q1",
    "type": "single",
    "prompt": "Which?",
    "choices": [{"id": "a", "label": "This"}, {"id": "b", "label": "That"}],
    "answer": "the key",
    "tolerance": 0.5,
    "points": 2.0,
}
DEFINITION = {
    "type": "EXAM",
    "opens": "2026-03-10 08:00:00",
    "closes": None,
    "time_limit_min": 90,
    "grace_s": 120,
    "attempts_allowed": 1,
    "policy": "highest",
    "weight": 40.0,
    "questions": [QUESTION],
}
ATTEMPT = {
    "number": 1,
    "state": "in_progress",
    "started": "2026-03-10 08:00:00",
    "saved": None,
    "submitted": None,
    "score": None,
    "max": 2.0,
    "late": False,
    "banked": False,
}


def content(kind: str, body: dict[str, Any], module: int | None = None) -> dict[str, Any]:
    shared = {"course": 1, "position": 3, "title": "A title", "module": module}
    return {**shared, "kind": kind, "body": body}


EIGHT = datetime(2026, 3, 10, 1, tzinfo=UTC)
ITEM = Item("q1", "Which?", ItemKind.SINGLE_CHOICE, [Choice("a", "This"), Choice("b", "That")], 2.0)
EXAM = events.AssessmentChanged(
    assessment=7,
    course=1,
    position=3,
    title="A title",
    kind=AssessmentKind.EXAM,
    opens_at=EIGHT,
    closes_at=None,
    time_limit_s=5_400,
    grace_s=120,
    attempts_allowed=1,
    scoring_policy=ScoringPolicy.HIGHEST,
    weight=40.0,
    items=[ITEM],
)
BEGUN = PastAttempt(1, AttemptState.IN_PROGRESS, EIGHT, None, None, None, 2.0, late=False)
DONE = ATTEMPT | {"state": "submitted", "submitted": "2026-03-10 08:00:00", "banked": True}
WAITING = replace(BEGUN, state=AttemptState.PENDING_REVIEW, submitted_at=EIGHT, banked=True)
CLASS = {
    "course": 1,
    "title": "A class",
    "teacher": None,
    "starts": "2026-03-10 08:00:00",
    "ends": "2026-03-10 09:30:00",
}
NINE_THIRTY = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)

TABLE: list[tuple[Kind, list[int], Any, Happened]] = [
    (
        Kind.PERSON,
        [4],
        {"name": "Ada", "locale": "en", "roles": ["LEARNER", "TEACHER"]},
        events.PersonChanged(4, "Ada", "en", [Role.LEARNER, Role.TEACHER]),
    ),
    (Kind.COURSE, [1], {"title": "A", "code": "B"}, events.CourseChanged(1, "A", "B")),
    (
        Kind.ENROLMENT,
        [1, 4],
        {"role": "LEARNER"},
        events.EnrolmentChanged(1, 4, Role.LEARNER),
    ),
    (Kind.ENROLMENT, [1, 4], None, events.EnrolmentChanged(1, 4, None)),
    (Kind.CONTENT, [7], content("module", {}), events.ModuleChanged(7, 1, 3, "A title")),
    (
        Kind.CONTENT,
        [7],
        content("lesson", {"type": "VIDEO"}, module=5),
        events.LessonChanged(7, 1, 5, 3, "A title", LessonKind.VIDEO),
    ),
    (Kind.CONTENT, [7], content("assessment", DEFINITION), EXAM),
    (Kind.CONTENT, [7], None, events.ContentRemoved(7)),
    (Kind.ATTEMPTS, [7, 4], [ATTEMPT], events.AttemptsRecorded(7, 4, [BEGUN])),
    (Kind.ATTEMPTS, [7, 4], [DONE], events.AttemptsRecorded(7, 4, [WAITING])),
    (Kind.ATTEMPTS, [7, 4], None, events.AttemptsRecorded(7, 4, [])),
    (Kind.COMPLETIONS, [1, 4], {"lessons": [2, 3]}, events.LessonsCompleted(1, 4, [2, 3])),
    (Kind.CLASS, [9], CLASS, events.ClassScheduled(9, 1, "A class", None, EIGHT, NINE_THIRTY)),
    (Kind.CLASS, [9], None, events.ClassRemoved(9)),
    (
        Kind.ROOM,
        [9],
        {"course": 1, "state": "live"},
        class_events.ClassHeld("l9", 1, LiveClassState.LIVE),
    ),
]


@pytest.mark.parametrize(("kind", "ids", "data", "said"), TABLE)
def test_each_change_is_said_in_the_contract_s_words(
    kind: Kind, ids: list[int], data: Any, said: Happened
) -> None:
    assert happened(kind, ids, JAKARTA, data) == said


def test_every_event_of_the_old_side_has_a_change_that_says_it() -> None:
    not_of_the_old_side = {
        events.AttemptChanged,
        class_events.BreakoutEntered,
        class_events.BreakoutsHeld,
        class_events.ClassAttended,
        class_events.ClassPlanned,
        class_events.ClassUnplanned,
        class_events.HandChanged,
        events.Unreadable,
    }

    assert {type(said) for *_, said in TABLE} == set(events.Happened.__args__) - not_of_the_old_side


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2026-03-29 00:59:59", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        ("2026-03-29 02:00:00", datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC)),
        # This hour comes twice: the first is meant, as everywhere on the old side.
        ("2026-10-25 01:30:00", datetime(2026, 10, 25, 0, 30, 0, tzinfo=UTC)),
        ("2026-10-25 02:00:00", datetime(2026, 10, 25, 2, 0, 0, tzinfo=UTC)),
    ],
)
def test_local_times_are_instants_when_summer_begins_and_ends(
    local: str, instant: datetime
) -> None:
    said = happened(Kind.CLASS, [9], LONDON, CLASS | {"starts": local})

    assert isinstance(said, events.ClassScheduled)
    assert said.starts_at == instant


def test_no_event_has_an_answer_in_it() -> None:
    attempts = [ATTEMPT | {"answers": {"q1": "my answer"}}]
    said = [
        happened(Kind.CONTENT, [7], JAKARTA, content("assessment", DEFINITION)),
        happened(Kind.ATTEMPTS, [7, 4], JAKARTA, attempts),
    ]

    text = msgspec.json.encode(said).decode()

    assert "Which?" in text
    assert not [word for word in ("the key", "my answer", "answer", "tolerance") if word in text]


BROKEN = [
    (Kind.CONTENT, "content/acme/7", content("lesson", {"type": "SONG"})),
    (Kind.CONTENT, "content/acme/7", content("assessment", DEFINITION | {"opens": "soon"})),
    (Kind.CONTENT, "content/acme/7", content("assessment", {})),
    (
        Kind.CONTENT,
        "content/acme/7",
        content("assessment", DEFINITION | {"questions": [QUESTION | {"type": "sung"}]}),
    ),
    (Kind.ATTEMPTS, "attempts/acme/7/4", [ATTEMPT | {"state": "lost"}]),
    (Kind.CLASS, "class/acme/9", CLASS | {"starts": "infinity"}),
]


@pytest.mark.parametrize(("kind", "stream", "data"), BROKEN)
def test_what_cannot_be_translated_is_told_as_gone_and_stops_nothing(
    kind: Kind, stream: str, data: Any
) -> None:
    good = row("course/acme/1", {"title": "A", "code": "B"}, 2)

    first, second = told.events([row(stream, data, 1), good])

    ids = [int(own) for own in stream.split("/")[2:]]
    assert first.data == happened(kind, ids, JAKARTA, None)
    assert (first.position, second.position) == (1, 2)
    assert second.data == events.CourseChanged(1, "A", "B")
    with pytest.raises(Untranslatable):
        happened(kind, ids, JAKARTA, data)


def row(stream: str, data: Any, position: int) -> dict[str, Any]:
    return {
        "stream": stream,
        "version": 1,
        "tenant_id": "acme",
        "at": EIGHT,
        "data": data,
        "timezone": "Asia/Jakarta",
        "traceparent": None,
        "position": position,
    }
