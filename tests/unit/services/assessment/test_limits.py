"""How many attempts one has: on both sides together, previews and banked ones apart."""

from datetime import timedelta
from typing import Any

import pytest

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.events import AttemptBegun, AttemptPrepared
from services.assessment.model.moment import moment
from services.assessment.model.place import Place, place
from services.assessment.model.prior import Prior, prior
from services.assessment.model.start import Starter, prepare, start
from services.assessment.model.sweep import due_at
from services.contracts.assessment import AttemptState
from services.contracts.errors import Refused
from services.contracts.events import PastAttempt
from services.contracts.ids import Kind, Side, decode
from tests.unit.services.assessment.paper import (
    ENDS,
    LEARNER,
    after,
    changed,
    definition,
    rules,
)
from tests.unit.services.assessment.subject import ASSESSMENT, BEGINS, TEACHER, TENANT

S = AttemptState


def mine(number: int, state: S = S.GRADED, preview: bool = False) -> Attempt:
    return Attempt(Place(TENANT, ASSESSMENT, LEARNER, number, preview), 1, state)


def past(number: int, state: S = S.GRADED, banked: bool = False) -> PastAttempt:
    return PastAttempt(number, state, BEGINS, BEGINS, BEGINS, 1.0, 2.0, False, banked)


PRIORS: list[tuple[str, list[Attempt], list[PastAttempt], int, int]] = [
    ("nothing", [], [], 0, 0),
    ("both sides", [mine(2)], [past(1)], 2, 2),
    ("the old side is ahead", [mine(1)], [past(2), past(3)], 3, 3),
    ("banked", [], [past(1, banked=True), past(2)], 1, 2),
    ("abandoned and voided", [mine(1, S.ABANDONED), mine(2, S.INVALIDATED)], [], 2, 2),
    ("prepared", [mine(1, S.NOT_STARTED)], [], 0, 1),
    ("a preview", [mine(5, preview=True)], [], 0, 0),
]


@pytest.mark.parametrize(
    ("ours", "theirs", "used", "last"), [row[1:] for row in PRIORS], ids=[row[0] for row in PRIORS]
)
def test_attempts_are_counted_over_both_sides(
    ours: list[Attempt], theirs: list[PastAttempt], used: int, last: int
) -> None:
    before = prior(ours, theirs)

    assert (before.used, before.last) == (used, last)


@pytest.mark.parametrize(
    ("allowed", "extra", "used", "may_begin"),
    [
        (1, 0, 0, True),
        (1, 0, 1, False),
        (1, 1, 1, True),
        (1, 1, 2, False),
        (3, 0, 2, True),
        (3, 0, 3, False),
        (None, 0, 99, True),
        (0, 0, 0, False),
    ],
)
def test_the_limit_is_what_all_have_and_what_was_granted(
    allowed: int | None, extra: int, used: int, may_begin: bool
) -> None:
    who = Starter(TENANT, LEARNER, Accommodation(extra_attempts=extra))
    by, before = definition(attempts_allowed=allowed), Prior(used=used, last=used)

    decision = start(who, by, before, moment(BEGINS))

    assert isinstance(decision, Changed) is may_begin
    if isinstance(decision, Refused):
        assert decision.code == "ATTEMPT_LIMIT"


def test_a_number_is_one_more_than_the_greatest_of_both_sides() -> None:
    before = prior([mine(1)], [past(4)])

    attempt = changed(start(Starter(TENANT, LEARNER), definition(), before, moment(BEGINS)))

    assert attempt.place.number == 5
    assert attempt.place.local == f"{ASSESSMENT}-{LEARNER}-5"


@pytest.mark.parametrize("state", [S.IN_PROGRESS, S.OVERDUE])
def test_what_is_open_is_given_again(state: S) -> None:
    running = mine(1, state)

    decision = start(
        Starter(TENANT, LEARNER), definition(), prior([running], []), moment(after(1, ENDS))
    )

    assert decision == Duplicate(running)


def test_nobody_begins_while_one_is_open_on_the_old_side() -> None:
    before = prior([], [past(1, S.IN_PROGRESS)])

    refused = start(Starter(TENANT, LEARNER), definition(), before, moment(BEGINS))

    assert isinstance(refused, Refused)
    assert (refused.code, refused.retryable) == ("IN_PROGRESS", True)


PREPARING = definition(opens_at=after(600), rules=rules(prepare_s=300))


def ahead(before: Prior = Prior(), at_s: float = 400, by: Definition = PREPARING) -> Any:  # noqa: B008
    return prepare(Starter(TENANT, LEARNER), by, before, after(at_s))


@pytest.mark.parametrize(
    ("at_s", "is_made"), [(299, False), (300, True), (599, True), (600, False), (700, False)]
)
def test_attempts_are_made_ahead_of_the_opening_alone(at_s: float, is_made: bool) -> None:
    assert (ahead(at_s=at_s) is not None) is is_made


@pytest.mark.parametrize(
    "before",
    [
        prior([mine(1, S.NOT_STARTED)], []),
        prior([mine(1, S.IN_PROGRESS)], []),
        prior([], [past(1, S.IN_PROGRESS)]),
        prior([], [past(1)]),
    ],
    ids=["prepared", "running", "running on the old side", "used up"],
)
def test_nothing_is_made_ahead_that_will_not_be_needed(before: Prior) -> None:
    by = definition(opens_at=after(600), rules=rules(prepare_s=300), attempts_allowed=1)

    assert ahead(before, by=by) is None


def test_to_begin_what_was_made_ahead_is_an_update() -> None:
    made = ahead()
    assert [type(event) for event in made.events] == [AttemptPrepared]

    decision = start(
        Starter(TENANT, LEARNER), PREPARING, prior([made.attempt], []), moment(after(600))
    )

    assert isinstance(decision, Changed)
    assert [type(event) for event in decision.events] == [AttemptBegun]
    assert decision.attempt.place == made.attempt.place
    assert (decision.attempt.version, decision.attempt.started_at) == (2, after(600))


def test_what_was_made_ahead_is_left_where_the_old_side_took_its_number() -> None:
    made = ahead()

    before = prior([made.attempt], [past(1)])

    assert before.prepared is None
    decision = start(Starter(TENANT, LEARNER), PREPARING, before, moment(after(600)))
    assert isinstance(decision, Changed)
    assert decision.attempt.place.number == 2


TEACHING = Starter(TENANT, TEACHER, preview=True)
SHUT = definition(opens_at=ENDS, closes_at=ENDS, attempts_allowed=0, time_limit=timedelta(hours=1))


def test_a_preview_has_its_own_numbers_and_no_limits() -> None:
    before = prior([mine(3)], [past(4)], preview=True)
    assert before == Prior()

    attempt = changed(start(TEACHING, SHUT, before, moment(BEGINS)))

    assert attempt.place.local == f"{ASSESSMENT}-{TEACHER}-p1"
    assert attempt.place.preview


def test_a_preview_ends_by_its_own_time_alone() -> None:
    attempt = changed(start(TEACHING, SHUT, Prior(), moment(after(10**6))))

    assert due_at(attempt, SHUT) == after(10**6 + 3600)


@pytest.mark.parametrize(
    "where",
    [Place(TENANT, 7, 11, 1), Place(TENANT, 7, 11, 20, preview=True)],
    ids=["attempt", "preview"],
)
def test_a_place_is_told_by_its_local_id(where: Place) -> None:
    assert place(TENANT, where.local) == where
    named = decode(where.id)
    assert (named.kind, named.side, named.local) == (Kind.ATTEMPT, Side.SERVICE, where.local)


@pytest.mark.parametrize(
    "text", ["", "7-11", "7-11-0", "07-11-1", "7-11-q1", "7-11-1-", "7-11-p01"]
)
def test_what_is_no_local_id_names_no_place(text: str) -> None:
    assert place(TENANT, text) is None
