"""An attempt is what its events come to, however often they were written and read."""

from typing import get_args

import msgspec
import pytest

from services.assessment.model import events as said
from services.assessment.model.accommodation import Accommodation
from services.assessment.model.act import Act
from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Decision
from services.assessment.model.definition import Regrade
from services.assessment.model.evolve import NotYet, evolve, fold
from services.assessment.model.grade import grade_item
from services.assessment.model.grant import extend
from services.assessment.model.moment import moment
from services.assessment.model.outage import credited
from services.assessment.model.pause import pause, resume
from services.assessment.model.prior import Prior, prior
from services.assessment.model.regrade import regrade
from services.assessment.model.reopen import reopen
from services.assessment.model.save import save
from services.assessment.model.span import Span
from services.assessment.model.start import Starter, prepare, start
from services.assessment.model.submit import submit
from services.assessment.model.sweep import sweep
from services.assessment.model.void import void
from services.contracts.assessment import AtEnd, AttemptState
from services.contracts.events import ItemKey
from tests.unit.services.assessment.paper import (
    ENDS,
    ESSAY,
    KEYS,
    LEARNER,
    act,
    after,
    all_right,
    definition,
    given,
    rules,
)
from tests.unit.services.assessment.subject import TEACHER, TENANT

CORRECTED = Regrade(1, "one", KEYS[0], ItemKey("one", choices=["b"]), 1, TEACHER, "Why.")
QUIZ = definition(opens_at=after(60), rules=rules(AtEnd.OVERDUE, overdue_s=9, prepare_s=60))
AGAIN = definition(regrades=[CORRECTED])
DECODER = msgspec.json.Decoder(list[said.AttemptEvent])


class Life:
    """Does one thing after another to an attempt, and keeps all that happened."""

    def __init__(self) -> None:
        self.attempt: Attempt | None = None
        self.events: list[said.AttemptEvent] = []

    def did(self, decision: Decision | None) -> Attempt:
        assert isinstance(decision, Changed), decision
        self.attempt, self.events = decision.attempt, [*self.events, *decision.events]
        return decision.attempt


def _why(at_s: float) -> Act:
    return act(after(at_s))


def whole() -> Life:
    """With everything in it that can happen."""
    life, who, extra = Life(), Starter(TENANT, LEARNER), Accommodation(1.5)
    made = life.did(prepare(who, QUIZ, Prior(), after(0)))
    one = life.did(start(who, QUIZ, prior([made], []), moment(after(60))))
    one = life.did(save(one, QUIZ, all_right(), moment(after(70))))
    one = life.did(pause(one, QUIZ, _why(80)))
    one = life.did(resume(one, _why(90)))
    one = life.did(credited(one, QUIZ, [Span(after(75), after(92))], after(93)))
    one = life.did(extend(one, QUIZ, extra, _why(95)))
    one = life.did(submit(one, QUIZ, [given("essay", ESSAY)], moment(after(100))))
    one = life.did(grade_item(one, QUIZ, "essay", 2.0, "Good.", TEACHER, after(110)))
    one = life.did(regrade(one, AGAIN, after(120)))
    one = life.did(void(one, QUIZ, _why(130)))
    one = life.did(reopen(one, QUIZ, extra, _why(140), False))
    life.did(sweep(one, QUIZ, after(1000, ENDS)))
    return life


def test_a_whole_life_has_every_event_there_is() -> None:
    assert {type(event) for event in whole().events} == set(get_args(said.AttemptEvent))


def test_an_attempt_is_the_fold_of_its_events_at_any_time() -> None:
    life, known = whole(), None
    for version, event in enumerate(life.events, start=1):
        known = evolve(known, event)

        assert known == fold(life.events[:version])
        assert known.version == version

    assert known == life.attempt


def test_events_are_read_as_they_were_written() -> None:
    life = whole()

    assert DECODER.decode(msgspec.json.encode(life.events)) == life.events


def test_each_event_says_when_and_by_whom() -> None:
    said_by = {event.by for event in whole().events}

    assert said_by == {None, LEARNER, TEACHER}
    assert all(event.at.tzinfo is not None for event in whole().events)


def test_an_event_changes_no_attempt_that_was_before_it() -> None:
    life = whole()
    before = fold(life.events[:3])
    kept = msgspec.json.encode(before)

    assert before is not None
    for event in life.events[3:]:
        evolve(before, event)

    assert msgspec.json.encode(before) == kept


def test_what_a_reopened_attempt_came_to_stays_in_its_events() -> None:
    scores = [event.score.raw for event in whole().events if isinstance(event, said.AttemptScored)]
    receipts = [
        event.receipt for event in whole().events if isinstance(event, said.AttemptSubmitted)
    ]

    assert scores == [7.0]
    assert [receipt.answered for receipt in receipts] == [6]


@pytest.mark.parametrize("event", whole().events[2:], ids=lambda event: type(event).__name__)
def test_nothing_happens_before_a_beginning(event: said.AttemptEvent) -> None:
    with pytest.raises(NotYet):
        evolve(None, event)


class Unheard(said.Happening, frozen=True, tag=True, kw_only=True):
    """What a later version of this service might write."""


def test_an_event_that_nobody_knows_is_not_passed_over() -> None:
    event = Unheard(at=after(0), by=None)

    with pytest.raises(TypeError, match="Unheard is no event"):
        evolve(whole().attempt, event)  # type: ignore[arg-type]


def test_of_no_events_there_is_no_attempt() -> None:
    assert fold([]) is None


def test_what_was_prepared_is_not_begun() -> None:
    made = fold(whole().events[:1])

    assert made is not None
    assert (made.state, made.started_at) == (AttemptState.NOT_STARTED, None)
