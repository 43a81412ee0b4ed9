"""Which side a learner's next attempt is made on: never on both at once."""

from typing import Any

import pytest

from services.contracts.assessment import AttemptState
from services.contracts.assessment_api import Pinned
from services.contracts.errors import ErrorCode, Refused
from services.contracts.events import PastAttempt
from tests.fakes.tenant import LEARNER, NOW, assessment_id
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.definitions import QUIZ, quiz

OURS, THEIRS = Pinned(service=True), Pinned(service=False)


def past(number: int, state: AttemptState = AttemptState.GRADED, **more: Any) -> PastAttempt:
    return PastAttempt(number, state, NOW, NOW, NOW, 2.0, 6.0, late=False, **more)


async def side(campus: Campus, wants: bool, seen: int | None = None) -> Pinned | Refused:
    where = assessment_id(campus.tenant, QUIZ)
    return await campus.client.side(campus.asking(), where, wants, seen)


async def test_who_has_done_nothing_yet_begins_where_it_is_wanted(campus: Campus) -> None:
    assert await side(campus, wants=True) == OURS


async def test_who_has_begun_here_goes_on_here(campus: Campus) -> None:
    await campus.started()

    assert await side(campus, wants=False) == OURS


async def test_who_was_sent_to_the_other_side_stays_until_it_was_asked(campus: Campus) -> None:
    assert await side(campus, wants=False) == THEIRS
    assert await side(campus, wants=True) == THEIRS
    assert await side(campus, wants=True, seen=0) == OURS
    assert await side(campus, wants=True) == OURS


async def test_nobody_comes_over_before_all_of_theirs_is_known_here(campus: Campus) -> None:
    await side(campus, wants=False)
    await campus.attempted(past(1))

    assert await side(campus, wants=True, seen=2) == THEIRS
    await campus.attempted(past(1), past(2))
    assert await side(campus, wants=True, seen=2) == OURS


async def test_nobody_comes_over_with_an_attempt_open(campus: Campus) -> None:
    await campus.attempted(past(1, AttemptState.IN_PROGRESS))

    assert await side(campus, wants=True) == THEIRS
    assert await side(campus, wants=True, seen=1) == THEIRS


async def test_what_is_not_known_here_is_begun_there(campus: Campus) -> None:
    found = await campus.client.side(campus.asking(), assessment_id(campus.tenant, 999), True, None)

    assert found == THEIRS


async def test_a_beginning_counts_the_attempts_of_both_sides(campus: Campus) -> None:
    await campus.define(quiz(attempts_allowed=3))
    await campus.attempted(past(1, banked=True), past(2))

    begun = await campus.started()

    assert begun.number == 3


@pytest.mark.parametrize("opened", ["by the mirror", "by the pin"])
async def test_nothing_is_begun_here_while_it_may_be_open_there(
    campus: Campus, opened: str
) -> None:
    if opened == "by the mirror":
        await campus.attempted(past(1, AttemptState.IN_PROGRESS))
    else:
        await side(campus, wants=False)

    found = await campus.client.start(campus.asking(), assessment_id(campus.tenant, QUIZ), "key")

    assert isinstance(found, Refused)
    assert (found.code, found.retryable) == (ErrorCode.IN_PROGRESS, True)
    assert await campus.rows("attempts") == []


async def test_what_was_made_ahead_pins_nobody(campus: Campus) -> None:
    made = f"""
        INSERT INTO attempts VALUES ($1, {QUIZ}, {LEARNER}, false, 1,
            '{{"state": "NOT_STARTED", "version": 1, "place": {{"tenant": "{campus.tenant}",
                "assessment": {QUIZ}, "user": {LEARNER}, "number": 1}}}}')
    """
    await campus.value(made)

    assert await side(campus, wants=False) == THEIRS
