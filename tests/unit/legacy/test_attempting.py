"""What comes of a command when somebody else is quicker, and of one that the monolith refuses."""

from typing import Any

import pytest

from legacy.supervising import CANNOT
from services.contracts.assessment import AttemptAccepted, AttemptConflict, Given, Response
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.supervising import Deed
from services.kit.http import Reply
from tests.fakes.tenant import OTHER, assessment_id, attempt_id
from tests.unit.legacy.old_monolith import OldMonolith, caller, json
from tests.unit.legacy.said import ATTEMPT, PAPER

OWN = attempt_id("acme", "4", 7, 1)
CELLS, GENES = ([Given("q1", 1, Response(text=text))] for text in ("Cells", "Genes"))


def said(**changed: Any) -> Reply:
    return json(ATTEMPT | changed)


IN_PROGRESS: dict[str, Any] = {
    "state": "in_progress",
    "submitted": None,
    "score": None,
    "answers": {},
}


@pytest.fixture
def old() -> OldMonolith:
    made = OldMonolith()
    made.tells["/assessments/7"] = [json(PAPER)]
    made.tells["/attempts/7-4-1"] = [said(**IN_PROGRESS)]
    return made


async def test_who_was_overtaken_by_a_submit_is_not_told_that_theirs_counts(
    old: OldMonolith,
) -> None:
    old.tells["/attempts/7-4-1/submit"] = [said(answers={"q1": "Genes"})]

    found = await old.attempts().submit(caller(), OWN, CELLS, "key", None)

    assert isinstance(found, AttemptConflict)
    assert found.code is ErrorCode.ATTEMPT_CLOSED
    assert found.current.answers[0].response.text == "Genes"


async def test_who_was_overtaken_by_the_same_submit_has_handed_in(old: OldMonolith) -> None:
    old.tells["/attempts/7-4-1/submit"] = [said(answers={"q1": "Cells"})]

    found = await old.attempts().submit(caller(), OWN, CELLS, "key", None)

    assert isinstance(found, AttemptAccepted)


async def test_an_answer_whose_question_went_meanwhile_is_not_called_saved(
    old: OldMonolith,
) -> None:
    old.tells["/attempts/7-4-1/save"] = [said(**IN_PROGRESS)]

    found = await old.attempts().save(caller(), OWN, CELLS, "key", None)

    assert isinstance(found, Refused)
    assert found.code is ErrorCode.INVALID


@pytest.mark.parametrize("answers", [CELLS, GENES])
async def test_a_save_that_comes_after_the_submit_tells_what_is_there(
    old: OldMonolith, answers: list[Given]
) -> None:
    old.tells["/attempts/7-4-1/save"] = [json({"error": "This attempt is finished."}, 409)]
    old.tells["/attempts/7-4-1"] = [said()]

    found = await old.attempts().save(caller(), OWN, answers, "key", None)

    if answers is CELLS:
        assert isinstance(found, AttemptAccepted)
        assert found.duplicate
    else:
        assert isinstance(found, AttemptConflict)
        assert (found.code, found.current.id) == (ErrorCode.ATTEMPT_CLOSED, OWN)


async def test_what_is_no_answer_is_not_sent(old: OldMonolith) -> None:
    wrong = [Given("q1", 1, Response(choices=["a"]))]

    found = await old.attempts().save(caller(), OWN, wrong, "key", None)

    assert isinstance(found, Refused)
    assert found.code is ErrorCode.INVALID
    assert "/attempts/7-4-1/save" not in old.asked()


@pytest.mark.parametrize("verb", ["save", "submit"])
async def test_another_version_is_a_conflict_and_writes_nothing(
    old: OldMonolith, verb: str
) -> None:
    do = getattr(old.attempts(), verb)

    found = await do(caller(), OWN, CELLS, "key", 1)

    assert isinstance(found, AttemptConflict)
    assert (found.code, found.current.version) == (ErrorCode.VERSION_CONFLICT, 0)
    assert f"/attempts/7-4-1/{verb}" not in old.asked()


@pytest.mark.parametrize("verb", ["save", "submit"])
async def test_anothers_attempt_is_not_even_asked_about(old: OldMonolith, verb: str) -> None:
    others = attempt_id("acme", OTHER, 7, 1)

    found = await getattr(old.attempts(), verb)(caller(), others, CELLS, "key", None)

    assert found == HIDDEN
    assert old.asked() == []


async def test_a_conflict_that_is_new_to_us_is_no_verdict(old: OldMonolith) -> None:
    old.tells["/assessments/7/attempts"] = [json({"attempts": []})]
    old.tells["/assessments/7/start"] = [json({"error": "Full moon."}, 409)]

    found = await old.attempts().start(caller(), assessment_id("acme", 7), "key")

    assert isinstance(found, Refused)
    assert found.code is ErrorCode.UPSTREAM_UNAVAILABLE


async def test_staff_are_told_that_the_old_platform_cannot(old: OldMonolith) -> None:
    attempts = old.attempts()

    told = [
        await attempts.act(caller(), Deed.PAUSE, OWN, "why", "key"),
        await attempts.act(caller(), Deed.RESUME, OWN, "why", "key"),
        await attempts.act(caller(), Deed.VOID, OWN, "why", "key"),
        await attempts.act(caller(), Deed.REOPEN, OWN, "why", "key"),
        await attempts.grade_item(caller(), OWN, "q1", 1.0, None, "key"),
    ]

    assert told == [CANNOT] * 5
    assert CANNOT.code is ErrorCode.READ_ONLY
    assert old.asked() == []
