"""What a human gives for an item: from nothing to all of it, and it stands."""

import pytest

from services.assessment.model.decision import Changed, Conflict, Duplicate
from services.assessment.model.events import ItemGraded
from services.assessment.model.grade import grade_item
from services.contracts.errors import Refused
from tests.unit.services.assessment.paper import (
    after,
    all_right,
    begun,
    changed,
    definition,
    submitted,
)
from tests.unit.services.assessment.subject import TEACHER

NOW = after(100)
QUIZ = definition()
DONE = submitted(begun(QUIZ), QUIZ, all_right())

GRADES = [
    ("all of it", "essay", 3.0, True),
    ("nothing", "essay", 0.0, True),
    ("a part", "essay", 0.12346, True),
    ("more than there is", "essay", 3.0001, False),
    ("less than nothing", "essay", -0.1, False),
    ("not a number", "essay", float("nan"), False),
    ("an item of another", "nobody", 0.0, False),
]


@pytest.mark.parametrize(
    ("item", "points", "is_right"), [row[1:] for row in GRADES], ids=[row[0] for row in GRADES]
)
def test_a_human_gives_from_nothing_to_all_of_an_item(
    item: str, points: float, is_right: bool
) -> None:
    decision = grade_item(DONE, QUIZ, item, points, None, TEACHER, NOW)

    assert isinstance(decision, Changed) is is_right
    if isinstance(decision, Changed):
        assert decision.attempt.points[item] == round(points, 4)
        assert decision.attempt.score is not None
        assert decision.attempt.score.raw == pytest.approx(7.0 + round(points, 4))


def test_who_gave_what_for_which_reason_is_kept() -> None:
    decision = grade_item(DONE, QUIZ, "one", 0.5, "Half of it.", TEACHER, NOW)

    assert isinstance(decision, Changed)
    [event] = decision.events
    assert isinstance(event, ItemGraded)
    assert (event.by, event.note, event.before, event.points) == (TEACHER, "Half of it.", 1.0, 0.5)


def test_the_same_grade_once_more_changes_nothing() -> None:
    judged = changed(grade_item(DONE, QUIZ, "one", 0.5, None, TEACHER, NOW))

    assert grade_item(judged, QUIZ, "one", 0.5, None, TEACHER, NOW) == Duplicate(judged)


def test_a_note_has_its_bounds() -> None:
    assert isinstance(grade_item(DONE, QUIZ, "one", 0.5, "x" * 501, TEACHER, NOW), Refused)


def test_what_is_not_submitted_is_not_graded() -> None:
    refused = grade_item(begun(QUIZ), QUIZ, "one", 0.5, None, TEACHER, NOW)

    assert isinstance(refused, Conflict)
    assert refused.code == "ATTEMPT_CLOSED"
