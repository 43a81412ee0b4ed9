"""The right answers are told in the contract's words, to the one who scores and to nobody else."""

from typing import Any

import msgspec
import pytest

from legacy.feeder import told
from legacy.feeder.happened import Untranslatable
from legacy.feeder.keys import keys
from legacy.feeder.service import CONSUMERS
from legacy.feeder.told import SCORER
from services.contracts.events import AssessmentChanged, ContentRemoved, ItemKey
from tests.unit.legacy.feeder.test_happened import DEFINITION, QUESTION, content, row
from tests.unit.legacy.monolith.questions import ESSAY, FIVE

OTHERS = [None, "", "progress", "live_class", "Assessment", "assessment ", "assessment2", "mirror"]


def definition(*questions: Any) -> dict[str, Any]:
    return content("assessment", DEFINITION | {"questions": list(questions)})


def test_each_type_of_question_has_its_key() -> None:
    assert keys(definition(*FIVE, ESSAY)) == [
        ItemKey("q1", choices=["a"]),
        ItemKey("q2", choices=["a", "b", "c"]),
        ItemKey("q3", number=3.14, tolerance=0.01),
        ItemKey("q4", texts=["Mitosis", "cell division"]),
        ItemKey("q5", choices=["a", "b", "c", "d"]),
        ItemKey("q6"),
    ]


@pytest.mark.parametrize(
    ("type_", "answer"),
    [("single", ["a"]), ("multiple", "a"), ("number", "7"), ("text", "a"), ("order", 1)],
)
def test_a_key_of_another_form_is_not_guessed(type_: str, answer: Any) -> None:
    with pytest.raises(Untranslatable):
        keys(definition(QUESTION | {"type": type_, "answer": answer}))


def test_the_one_who_scores_is_told_the_keys() -> None:
    changed = row("content/acme/7", definition(*FIVE), 1)

    [event] = told.events([changed], SCORER)

    assert isinstance(event.data, AssessmentChanged)
    assert event.data.keys == keys(definition(*FIVE))


@pytest.mark.parametrize("consumer", OTHERS)
def test_nobody_else_is_told_a_key(consumer: str | None) -> None:
    changed = row("content/acme/7", definition(QUESTION), 1)

    [event] = told.events([changed], consumer)

    assert isinstance(event.data, AssessmentChanged)
    assert event.data.keys is None
    assert "the key" not in msgspec.json.encode(event).decode()


def test_what_has_no_readable_key_is_told_to_the_one_who_scores_as_gone() -> None:
    changed = row("content/acme/7", definition(QUESTION | {"answer": 7}), 1)

    [scored], [shown] = told.events([changed], SCORER), told.events([changed])

    assert scored.data == ContentRemoved(7)
    assert isinstance(shown.data, AssessmentChanged)


def test_nothing_is_forgotten_before_the_one_who_scores_has_come() -> None:
    assert SCORER in CONSUMERS
