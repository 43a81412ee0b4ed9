"""Another right answer grades anew what it concerns, and never what a human judged."""

from typing import Any

import pytest
from msgspec.structs import replace

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Duplicate
from services.assessment.model.definition import Definition, Regrade
from services.assessment.model.events import ItemRegraded
from services.assessment.model.grade import grade_item
from services.assessment.model.regrade import Correction, new_key, regrade
from services.contracts.assessment import AttemptState, Response, Score
from services.contracts.errors import Refused
from services.contracts.events import ItemKey
from tests.unit.services.assessment.paper import (
    CLEARED,
    ESSAY,
    ITEMS,
    KEYS,
    WRONG,
    after,
    all_right,
    begun,
    changed,
    definition,
    given,
    saved,
    submitted,
    swept,
)
from tests.unit.services.assessment.subject import BEGINS, TEACHER

NOW = after(100)
QUIZ = definition()
B = ItemKey("one", choices=["b"])
C = ItemKey("one", choices=["c"])


def corrected(number: int, after: ItemKey, version: int = 1, before: ItemKey = KEYS[0]) -> Regrade:
    return Regrade(number, after.item, before, after, version, TEACHER, "It was wrong.")


def by(*regrades: Regrade, **other: Any) -> Definition:
    return definition(regrades=list(regrades), **other)


TO_B = by(corrected(1, B))
DONE = submitted(begun(QUIZ), QUIZ, all_right())


def score(attempt: Attempt) -> Score:
    assert attempt.score is not None
    return attempt.score


def test_a_regrade_keeps_what_was_before_and_after_who_and_why() -> None:
    decision = regrade(DONE, TO_B, NOW)

    assert isinstance(decision, Changed)
    [event] = decision.events
    assert isinstance(event, ItemRegraded)
    assert (event.at, event.by, event.reason) == (NOW, TEACHER, "It was wrong.")
    assert (event.regrade, event.item, event.before, event.points) == (1, "one", 1.0, 0.0)
    assert (event.score_before.raw, event.score.raw, event.score.regraded_from) == (7.0, 6.0, 7.0)
    assert decision.attempt.receipt == DONE.receipt
    assert decision.attempt.submitted_at == DONE.submitted_at


def test_a_regrade_is_done_once() -> None:
    once = changed(regrade(DONE, TO_B, NOW))

    assert regrade(once, TO_B, NOW) == Duplicate(once)


def test_regrades_that_come_together_are_done_in_turn() -> None:
    both = by(corrected(1, B), corrected(2, KEYS[0], before=B))

    again = changed(regrade(DONE, both, NOW))

    assert again.version == DONE.version + 2
    assert (score(again).raw, score(again).regraded_from) == (7.0, 6.0)


def test_one_that_comes_out_of_turn_ends_as_if_it_had_not() -> None:
    first, second = corrected(1, B), corrected(2, C, before=B)
    ahead = changed(regrade(DONE, by(second), NOW))

    again = changed(regrade(ahead, by(first, second), NOW))

    assert score(again).raw == score(changed(regrade(DONE, by(first, second), NOW))).raw
    assert sorted(again.regrades) == [1, 2]


def test_an_open_attempt_is_graded_by_it_when_it_is_submitted() -> None:
    open_ = saved(begun(QUIZ), QUIZ, all_right())
    assert regrade(open_, TO_B, NOW) == Duplicate(open_)

    done = submitted(open_, TO_B, at=NOW)

    assert (score(done).raw, score(done).regraded_from, done.regrades) == (6.0, None, [1])


def test_what_the_sweep_hands_in_is_graded_by_it_too() -> None:
    open_ = saved(begun(QUIZ), QUIZ, all_right())

    assert score(swept(open_, TO_B, after(3601))).raw == 6.0


def test_what_a_human_gave_stands_over_every_regrade() -> None:
    judged = changed(grade_item(DONE, QUIZ, "one", 0.5, None, TEACHER, NOW))

    again = changed(regrade(judged, TO_B, NOW))

    assert again.points["one"] == 0.5
    assert (score(again).raw, score(again).regraded_from) == (6.5, None)


def test_what_a_human_gives_keeps_the_regrades_that_were() -> None:
    again = changed(regrade(DONE, TO_B, NOW))

    judged = changed(grade_item(again, TO_B, "essay", 2.0, None, TEACHER, NOW))

    assert (score(judged).raw, score(judged).regraded_from) == (8.0, 7.0)


def test_a_text_that_is_accepted_after_all_waits_no_longer() -> None:
    waiting = submitted(begun(QUIZ), QUIZ, [given("essay", ESSAY)])
    accepted = corrected(1, ItemKey("essay", texts=["because."]), before=KEYS[3])

    again = changed(regrade(waiting, by(accepted), NOW))

    assert (again.state, score(again).raw, score(again).provisional) == (
        AttemptState.GRADED,
        3.0,
        False,
    )


def test_a_penalty_never_outgrows_what_a_regrade_leaves() -> None:
    late = submitted(begun(QUIZ), QUIZ, [given("one", Response(choices=["a"]))])
    late = replace(late, late=True, forfeit=8.0)

    again = changed(regrade(late, TO_B, NOW))

    assert (score(again).raw, score(again).penalty) == (0.0, 0.0)


VERSIONS = [
    ("the version it was said of", {"version": 3}, True),
    ("an older version", {"version": 1}, True),
    ("an older one with another key", {"version": 1, "keys": [C, *KEYS[1:]]}, True),
    ("a newer one, as wrong as it was", {"version": 4}, True),
    ("a newer one that has its own", {"version": 4, "keys": [C, *KEYS[1:]]}, False),
    ("one without the item", {"version": 1, "items": ITEMS[1:]}, False),
    (
        "one where the item was another",
        {"version": 1, "items": [replace(ITEMS[4], id="one")]},
        True,
    ),
    ("one where it was a text", {"version": 1, "items": [replace(ITEMS[3], id="one")]}, False),
]


@pytest.mark.parametrize(
    ("version", "concerns"), [row[1:] for row in VERSIONS], ids=[row[0] for row in VERSIONS]
)
def test_a_regrade_concerns_the_versions_that_have_the_item(
    version: dict[str, Any], concerns: bool
) -> None:
    of = by(corrected(1, B, version=3), **version)
    done = submitted(begun(of), replace(of, regrades=[]))

    assert isinstance(regrade(done, of, NOW), Changed if concerns else Duplicate)


BACKWARDS = Response(choices=["c", "b", "a"])
CORRECTIONS = [
    ("a choice", "one", WRONG, B),
    ("choices", "some", Response(choices=["c", "a"]), ItemKey("some", choices=["c", "a"])),
    ("a number", "number", Response(number=2.0), ItemKey("number", number=2.0, tolerance=0.1)),
    ("a text", "word", Response(text="Zelle"), ItemKey("word", texts=["Zelle"])),
    ("an order", "order", BACKWARDS, ItemKey("order", choices=["c", "b", "a"])),
    ("nothing", "one", CLEARED, None),
    ("no choice", "some", Response(choices=[]), None),
    ("a blank", "word", Response(text=" "), None),
    ("the wrong form", "one", ESSAY, None),
    ("an item of another", "nobody", WRONG, None),
]


@pytest.mark.parametrize(
    ("item", "correct", "expected"),
    [row[1:] for row in CORRECTIONS],
    ids=[row[0] for row in CORRECTIONS],
)
def test_a_right_answer_has_the_form_of_an_answer(
    item: str, correct: Response, expected: ItemKey | None
) -> None:
    found = new_key(QUIZ, item, correct, "It was wrong.")

    if expected is None:
        assert isinstance(found, Refused)
        assert found.code == "INVALID"
    else:
        [before] = [key for key in KEYS if key.item == item]
        assert found == Correction(before, expected)


def test_a_correction_begins_where_the_last_one_ended() -> None:
    found = new_key(TO_B, "one", Response(choices=["c"]), "It was wrong.")

    assert found == Correction(B, C)


def test_without_a_reason_no_answer_becomes_right() -> None:
    assert isinstance(new_key(QUIZ, "one", WRONG, " "), Refused)


def test_an_attempt_keeps_the_version_it_began_with() -> None:
    newer = replace(QUIZ, version=2, items=ITEMS[:1], keys=[B])
    attempt = begun(QUIZ, BEGINS)

    assert attempt.definition_version == 1
    assert score(submitted(attempt, QUIZ, all_right())).max == 10.0
    assert begun(newer).definition_version == 2


@pytest.mark.parametrize("is_exact", [True, False], ids=["exact", "as the monolith"])
def test_an_attempt_keeps_the_scorer_it_began_with(is_exact: bool) -> None:
    thirds = definition(items=[replace(ITEMS[4], points=1.0)])
    order = [given("order", Response(choices=["a", "c", "b"]))]

    done = submitted(begun(thirds, decimal=is_exact), thirds, order)
    again = changed(
        regrade(done, replace(thirds, regrades=[corrected(1, KEYS[4], before=KEYS[4])]), NOW)
    )

    assert score(done).raw == score(again).raw == (0.3333 if is_exact else 0.3)
