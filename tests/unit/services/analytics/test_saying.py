"""What is learned is said once, in statements that know no names."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from services.analytics.facts import facts
from services.analytics.platform import Platform
from services.analytics.saying import said
from services.analytics.statement import Activity, Reference, Statement
from services.contracts.assessment import AttemptState
from services.contracts.events import (
    AttemptChanged,
    AttemptsRecorded,
    Event,
    Happened,
    LessonsCompleted,
    PastAttempt,
    PersonChanged,
)
from services.contracts.ids import TenantId
from services.contracts.learning import Role

PAGE = Path("docs/events.md")
AT = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
PLATFORM = Platform("https://learn.example")
OPEN = PastAttempt(1, AttemptState.IN_PROGRESS, AT, AT, None, None, 4.0, late=False)
SUBMITTED = replace(OPEN, state=AttemptState.SUBMITTED, submitted_at=AT)
GRADED = replace(SUBMITTED, state=AttemptState.GRADED, score=3.0)


def event(data: Happened, version: int = 1, source: str = "assessment") -> Event:
    at = AT + timedelta(minutes=version)
    return Event(source, "attempt/acme/41-7-1", version, TenantId("acme"), at, data)


def changed(*attempts: PastAttempt, provisional: bool = False) -> list[Event]:
    return [
        event(AttemptChanged(41, 3, 7, attempt, provisional=provisional), version)
        for version, attempt in enumerate(attempts, 1)
    ]


def statements(events: Iterable[Event]) -> list[Statement]:
    return said(PLATFORM, [fact for one in events for fact in facts(one)], {})[0]


def verbs(events: Iterable[Event]) -> list[str]:
    return [statement.verb.display["en"] for statement in statements(events)]


def test_an_attempt_is_initialized_completed_and_scored() -> None:
    assert verbs(changed(OPEN, SUBMITTED, GRADED)) == ["initialized", "completed", "scored"]


def test_whatever_is_told_again_is_said_once() -> None:
    assert verbs(changed(OPEN, OPEN, GRADED, GRADED)) == ["initialized", "completed", "scored"]


def test_what_both_sides_tell_is_said_once() -> None:
    lesson = LessonsCompleted(3, 7, [12])

    assert verbs([event(lesson, 1, "progress"), event(lesson, 9, "legacy")]) == ["completed"]


def test_all_attempts_of_the_old_side_are_said() -> None:
    recorded = AttemptsRecorded(41, 7, [GRADED, replace(OPEN, number=2)])

    assert verbs([event(recorded, source="legacy")]) == [
        *("initialized", "completed", "scored"),
        "initialized",
    ]


def test_a_score_that_changes_takes_the_former_one_back() -> None:
    *_, scored, voided, again = statements(changed(GRADED, replace(GRADED, score=4.0)))

    assert voided.object == Reference(scored.id)
    assert again.id != scored.id
    assert again.result is not None
    assert again.result.score is not None
    assert again.result.score.raw == 4.0


def test_a_score_that_comes_back_is_said_again() -> None:
    there_and_back = changed(GRADED, replace(GRADED, score=4.0), GRADED)

    ids = [statement.id for statement in statements(there_and_back)]

    assert verbs(there_and_back)[-2:] == ["voided", "scored"]
    assert len(set(ids)) == len(ids)


def test_an_invalidated_attempt_has_no_score() -> None:
    invalid = replace(GRADED, state=AttemptState.INVALIDATED)

    assert verbs(changed(GRADED, invalid))[-1] == "voided"


def test_a_provisional_score_is_not_said() -> None:
    assert "scored" not in verbs(changed(GRADED, provisional=True))


def test_the_same_events_make_the_same_statements() -> None:
    events = changed(OPEN, GRADED, replace(GRADED, score=1.0))

    assert statements(events) == statements(events)


def test_tenants_share_nothing() -> None:
    [ours] = statements([event(LessonsCompleted(3, 7, [12]))])
    [theirs] = statements([replace(event(LessonsCompleted(3, 7, [12])), tenant=TenantId("other"))])

    assert ours.id != theirs.id
    assert ours.actor != theirs.actor
    assert isinstance(ours.object, Activity)
    assert isinstance(theirs.object, Activity)
    assert ours.object.id != theirs.object.id


@pytest.mark.parametrize(
    ("score", "most", "scaled"), [(3.0, 4.0, 0.75), (-1.0, 4.0, 0.0), (5.0, 4.0, 1.0), (0, 0, None)]
)
def test_a_scaled_score_lies_between_nothing_and_all(
    score: float, most: float, scaled: float | None
) -> None:
    *_, scored = statements(changed(replace(GRADED, score=score, max=most)))

    assert scored.result is not None
    assert scored.result.score is not None
    assert scored.result.score.scaled == scaled
    assert scored.result.score.min <= score <= scored.result.score.max


def test_people_are_pseudonyms_and_their_names_say_nothing() -> None:
    assert statements([event(PersonChanged(7, "Ada", "en", [Role.LEARNER]))]) == []
    [lesson] = statements([event(LessonsCompleted(3, 7, [12]))])

    assert msgspec.to_builtins(lesson.actor) == {
        "objectType": "Agent",
        "account": {"homePage": "https://learn.example", "name": "acme/7"},
    }


def test_the_page_shows_a_statement_as_it_is() -> None:
    *_, scored = statements(changed(GRADED, replace(GRADED, score=4.0)))

    told = msgspec.json.format(msgspec.json.encode(scored), indent=2).decode()

    assert told in PAGE.read_text()
