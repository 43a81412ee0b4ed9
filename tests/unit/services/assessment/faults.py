"""Errors that a model of attempts is easily given, each as a patch that plants it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.assessment.model import hand_in, marking, regrade, save, submit, sweep, taking
from services.assessment.model import pause as pausing
from services.assessment.model import reopen as reopening
from services.assessment.model.accommodation import Accommodation
from services.assessment.model.act import Act
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Conflict, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptResumed
from services.assessment.model.hand_in import HandedIn
from services.assessment.model.moment import Moment
from services.assessment.model.prior import Prior, prior
from services.assessment.scoring.scored import Scored
from services.contracts.assessment import Answer, Given, Score
from services.contracts.events import PastAttempt
from tests.unit.services.assessment import in_memory

Plant = Callable[[pytest.MonkeyPatch], None]


def grace_gives_new_time(patch: pytest.MonkeyPatch) -> None:
    """Each answer within grace is taken for one in time, from which grace is counted again."""
    honest = taking.why_not_now

    def why_not_now(attempt: Attempt, by: Definition, at: datetime) -> Conflict | None:
        return honest(attempt, by, at - by.grace)

    patch.setattr(save, "why_not_now", why_not_now)
    patch.setattr(submit, "why_not_now", why_not_now)


def an_older_answer_overwrites(patch: pytest.MonkeyPatch) -> None:
    def newer(known: dict[str, Answer], given: Sequence[Given]) -> list[Given]:
        return [
            one
            for one in given
            if one.item_id not in known or known[one.item_id].response != one.response
        ]

    patch.setattr(save, "newer", newer)


def the_limit_counts_this_side_alone(patch: pytest.MonkeyPatch) -> None:
    def counted(mine: Iterable[Attempt], past: Sequence[PastAttempt], preview: bool) -> Prior:
        own = list(mine)
        both, ours = prior(own, past, preview), prior(own, [], preview)
        return Prior(both.running, both.prepared, ours.used, both.last)

    patch.setattr(in_memory, "prior", counted)


def a_regrade_overwrites_a_humans_grade(patch: pytest.MonkeyPatch) -> None:

    def scored(attempt: Attempt, by: Definition, regrades: Any, manual: Any) -> Scored:
        return marking.scored(attempt, by, regrades, {})

    patch.setattr(regrade, "scored", scored)


def a_pause_gives_no_credit(patch: pytest.MonkeyPatch) -> None:

    def resumed(**said: Any) -> AttemptResumed:
        return AttemptResumed(**said | {"credit": timedelta(0)})

    patch.setattr(pausing, "AttemptResumed", resumed)


def a_second_submit_makes_another_receipt(patch: pytest.MonkeyPatch) -> None:
    honest = submit.submit

    def twice(
        attempt: Attempt, by: Definition, given: list[Given], when: Moment, version: int | None
    ) -> Decision:
        decision = honest(attempt, by, given, when, version)
        if not isinstance(decision, Duplicate):
            return decision
        how = HandedIn(when.judged_at, when.now, attempt.place.user)
        return hand_in.hand_in(Changed(attempt), by, how)

    patch.setattr(submit, "submit", twice)


def a_reopened_attempt_keeps_its_score(patch: pytest.MonkeyPatch) -> None:
    honest = reopening.reopen

    def reopen(attempt: Attempt, *how: Any) -> Decision:
        decision = honest(attempt, *how)
        if not isinstance(decision, Changed):
            return decision
        return Changed(replace(decision.attempt, score=attempt.score), decision.events)

    patch.setattr(reopening, "reopen", reopen)


def reopening_needs_no_reason(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Act, "is_explained", True)


def a_penalty_is_more_than_there_is(patch: pytest.MonkeyPatch) -> None:

    def score_of(attempt: Attempt, found: Scored, regraded_from: float | None) -> Score:
        score = marking.score_of(attempt, found, regraded_from)
        return replace(score, penalty=found.max * attempt.forfeit / 100)

    patch.setattr(hand_in, "score_of", score_of)


def the_sweep_drops_answers(patch: pytest.MonkeyPatch) -> None:

    def without(change: Changed, by: Definition, how: HandedIn) -> Changed:
        return hand_in.hand_in(Changed(replace(change.attempt, answers={})), by, how)

    patch.setattr(sweep, "hand_in", without)


def a_grant_takes_the_place_of_another(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Accommodation, "plus", lambda before, given: given)


def an_edit_reaches_attempts_under_way(patch: pytest.MonkeyPatch) -> None:
    def newest(subject: in_memory.InMemory, attempt: Attempt) -> Definition:
        return subject.definition()

    patch.setattr(in_memory.InMemory, "definition_of", newest)


def what_was_under_way_is_lost_to_the_sweep(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taking, "_is_still_taken", lambda attempt, when: False)


FAULTS: list[Plant] = [
    grace_gives_new_time,
    an_older_answer_overwrites,
    the_limit_counts_this_side_alone,
    a_regrade_overwrites_a_humans_grade,
    a_pause_gives_no_credit,
    a_second_submit_makes_another_receipt,
    a_reopened_attempt_keeps_its_score,
    reopening_needs_no_reason,
    a_penalty_is_more_than_there_is,
    the_sweep_drops_answers,
    a_grant_takes_the_place_of_another,
    an_edit_reaches_attempts_under_way,
    what_was_under_way_is_lost_to_the_sweep,
]
