"""What may be done to an attempt in each of its states, and what it comes to."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Conflict, Decision, Duplicate
from services.assessment.model.events import AttemptScored, AttemptSubmitted
from services.assessment.model.grade import grade_item
from services.assessment.model.grant import extend
from services.assessment.model.moment import moment
from services.assessment.model.pause import pause, resume
from services.assessment.model.prior import Prior
from services.assessment.model.regrade import regrade
from services.assessment.model.reopen import reopen
from services.assessment.model.save import save
from services.assessment.model.start import Starter, prepare
from services.assessment.model.submit import submit
from services.assessment.model.sweep import due_at, sweep
from services.assessment.model.void import void
from services.contracts.assessment import AtEnd, AttemptState
from services.contracts.errors import Refused
from tests.unit.services.assessment.paper import (
    ENDS,
    ESSAY,
    LEARNER,
    WRONG,
    act,
    after,
    all_right,
    begun,
    changed,
    definition,
    given,
    paused,
    rules,
    saved,
    submitted,
    swept,
)
from tests.unit.services.assessment.subject import TEACHER, TENANT

S = AttemptState
QUIZ = definition(opens_at=after(60), rules=rules(AtEnd.OVERDUE, overdue_s=600, prepare_s=60))
HANDS_OFF = definition(rules=rules(AtEnd.ABANDON))
NOW = after(120)


def _not_started() -> Attempt:
    return changed(prepare(Starter(TENANT, LEARNER), QUIZ, Prior(), after(0)))


def _in_progress() -> Attempt:
    return begun(QUIZ, NOW)


def _paused() -> Attempt:
    return paused(_in_progress(), QUIZ, NOW)


def _overdue() -> Attempt:
    return swept(_in_progress(), QUIZ, after(1, ENDS))


def _pending_review() -> Attempt:
    return submitted(_in_progress(), QUIZ, [given("essay", ESSAY)], NOW)


def _graded() -> Attempt:
    return submitted(_in_progress(), QUIZ, all_right(), NOW)


def _abandoned() -> Attempt:
    return swept(_in_progress(), QUIZ, after(601, ENDS))


def _invalidated() -> Attempt:
    return changed(void(_graded(), QUIZ, act(NOW)))


IN: dict[str, Callable[[], Attempt]] = {
    "not started": _not_started,
    "in progress": _in_progress,
    "paused": _paused,
    "overdue": _overdue,
    "pending review": _pending_review,
    "graded": _graded,
    "abandoned": _abandoned,
    "invalidated": _invalidated,
}


def _now(attempt: Attempt) -> datetime:
    """An instant at which an attempt may be in its state."""
    return {S.OVERDUE: after(100, ENDS), S.ABANDONED: after(700, ENDS)}.get(attempt.state, NOW)


COMMANDS: dict[str, Callable[[Attempt], Decision]] = {
    "save": lambda of: save(of, QUIZ, [given("one", WRONG, 2)], moment(_now(of))),
    "submit": lambda of: submit(of, QUIZ, [], moment(_now(of))),
    "more": lambda of: submit(of, QUIZ, [given("one", WRONG, 2)], moment(_now(of))),
    "pause": lambda of: pause(of, QUIZ, act(_now(of))),
    "resume": lambda of: resume(of, act(_now(of))),
    "void": lambda of: void(of, QUIZ, act(_now(of))),
    "reopen": lambda of: reopen(of, QUIZ, of.accommodation, act(_now(of)), False),
    "grade": lambda of: grade_item(of, QUIZ, "essay", 2.0, None, TEACHER, NOW),
    "regrade": lambda of: regrade(of, QUIZ, NOW),
    "grant": lambda of: extend(of, QUIZ, Accommodation(2.0, timedelta(hours=1)), act(NOW)),
    "sweep": lambda of: sweep(of, QUIZ, after(601, ENDS)),
}
OUTCOMES = """
               save   submit more   pause  resume void   reopen grade  regrade grant sweep
not_started    closed closed closed closed closed closed closed closed again   again again
in_progress    done   done   done   done   again  done   closed closed again   done  done
paused         done   done   done   again  done   done   closed closed again   done  again
overdue        over   done   over   over   again  done   closed closed again   done  done
pending_review closed again  closed closed closed done   done   done   again   again again
graded         closed again  closed closed closed done   done   done   again   again again
abandoned      closed closed closed closed closed done   over   closed again   again again
invalidated    closed closed closed closed closed again  done   closed again   again again
"""


def _cases() -> list[tuple[str, str, str]]:
    head, *rows = [line.split() for line in OUTCOMES.strip().splitlines()]
    return [
        (row[0].replace("_", " "), command.replace("_", " "), outcome)
        for row in rows
        for command, outcome in zip(head, row[1:], strict=True)
    ]


def _said(decision: Decision) -> str:
    if isinstance(decision, Conflict):
        return {"ATTEMPT_CLOSED": "closed", "WINDOW_CLOSED": "over"}[decision.code]
    assert not isinstance(decision, Refused)
    return "again" if isinstance(decision, Duplicate) else "done"


@pytest.mark.parametrize(("state", "command", "outcome"), _cases())
def test_each_state_allows_its_commands_and_no_others(
    state: str, command: str, outcome: str
) -> None:
    attempt = IN[state]()

    assert _said(COMMANDS[command](attempt)) == outcome


def test_every_state_but_the_one_passed_through_is_in_the_table() -> None:
    states = {make().state for make in IN.values()}

    assert states == set(S) - {S.SUBMITTED}


def test_a_submit_passes_through_submitted_and_keeps_both_events() -> None:
    decision = submit(_in_progress(), QUIZ, [], moment(NOW))

    assert not isinstance(decision, Refused | Duplicate | Conflict)
    assert [type(event) for event in decision.events] == [AttemptSubmitted, AttemptScored]


def test_an_essay_that_is_written_waits_for_a_human() -> None:
    assert _pending_review().state is S.PENDING_REVIEW
    blank = given("essay", type(ESSAY)(text=" \n"))
    assert submitted(_in_progress(), QUIZ, [blank], NOW).state is S.GRADED


def test_a_grade_for_all_that_waits_ends_the_review() -> None:
    graded = changed(grade_item(_pending_review(), QUIZ, "one", 1.0, None, TEACHER, NOW))
    assert graded.state is S.PENDING_REVIEW

    graded = changed(grade_item(graded, QUIZ, "essay", 2.5, "Nearly.", TEACHER, NOW))

    assert graded.state is S.GRADED
    assert graded.score is not None
    assert (graded.score.raw, graded.score.provisional) == (3.5, False)


def test_what_is_abandoned_keeps_its_answers_and_is_not_scored() -> None:
    attempt = saved(begun(HANDS_OFF), HANDS_OFF, all_right())

    gone = swept(attempt, HANDS_OFF, after(1, ENDS))

    assert gone.state is S.ABANDONED
    assert gone.answers == attempt.answers
    assert gone.score is None
    assert due_at(gone, HANDS_OFF) is None


def test_what_is_voided_keeps_all() -> None:
    graded = _graded()

    gone = changed(void(graded, QUIZ, act(NOW)))

    assert (gone.answers, gone.score, gone.receipt) == (
        graded.answers,
        graded.score,
        graded.receipt,
    )


@pytest.mark.parametrize(
    "reason", ["", " \n", "x" * 501, "\0"], ids=["none", "blank", "long", "zero"]
)
@pytest.mark.parametrize("command", ["pause", "resume", "void", "reopen"])
def test_nothing_is_done_without_a_reason(command: str, reason: str) -> None:
    attempt, why = _in_progress(), act(NOW, reason)
    commands: dict[str, Callable[[], Decision]] = {
        "pause": lambda: pause(attempt, QUIZ, why),
        "resume": lambda: resume(attempt, why),
        "void": lambda: void(attempt, QUIZ, why),
        "reopen": lambda: reopen(attempt, QUIZ, attempt.accommodation, why, False),
    }

    refused = commands[command]()

    assert isinstance(refused, Refused)
    assert refused.code == "INVALID"
