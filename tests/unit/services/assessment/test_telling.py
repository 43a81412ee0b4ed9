"""What clients and other services are told of an attempt."""

from datetime import timedelta

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.attempt import Attempt
from services.assessment.model.definition import Regrade
from services.assessment.model.prior import Prior
from services.assessment.model.shown import shown
from services.assessment.model.start import Starter, prepare
from services.assessment.model.told import told
from services.contracts.assessment import AttemptState, Correct, Source
from services.contracts.events import ItemKey
from services.contracts.ids import Kind, Side, decode
from tests.unit.services.assessment.paper import (
    ENDS,
    ESSAY,
    ITEMS,
    KEYS,
    LEARNER,
    after,
    all_right,
    begun,
    changed,
    definition,
    given,
    rules,
    saved,
    submitted,
)
from tests.unit.services.assessment.subject import ASSESSMENT, BEGINS, COURSE, TEACHER, TENANT

QUIZ = definition()
LATE = definition(rules=rules(late_for_s=86_400, late_penalty=10.0))
NOW = after(100)


def test_what_is_shown_has_global_ids() -> None:
    seen = shown(begun(QUIZ), QUIZ, NOW)

    named = {decode(one) for one in (seen.id, seen.assessment_id, seen.course_id, seen.learner_id)}
    assert {(one.kind, one.local, one.side) for one in named} == {
        (Kind.ATTEMPT, f"{ASSESSMENT}-{LEARNER}-1", Side.SERVICE),
        (Kind.ASSESSMENT, str(ASSESSMENT), Side.EITHER),
        (Kind.COURSE, str(COURSE), Side.EITHER),
        (Kind.LEARNER, str(LEARNER), Side.EITHER),
    }
    assert {one.tenant for one in named} == {TENANT}
    assert seen.source is Source.SERVICE


def test_points_are_told_when_it_is_finished_and_no_sooner() -> None:
    open_ = saved(begun(QUIZ), QUIZ, all_right())
    done = submitted(open_, QUIZ)

    assert [answer.points for answer in shown(open_, QUIZ, NOW).answers] == [None] * 5
    assert [answer.points for answer in shown(done, QUIZ, NOW).answers] == [1.0, 2.0, 1.5, 1.5, 1.0]


def test_answers_come_in_the_order_of_the_items() -> None:
    attempt = saved(begun(QUIZ), QUIZ, list(reversed(all_right())))

    order = [item.id for item in ITEMS if item.id != "essay"]
    assert [answer.item_id for answer in shown(attempt, QUIZ, NOW).answers] == order


def test_the_window_is_the_attempts_own() -> None:
    attempt = begun(QUIZ, extra=Accommodation(extra=timedelta(minutes=5)))

    window = shown(attempt, QUIZ, NOW).window

    assert window is not None
    assert (window.ends_at, window.server_now) == (after(300, ENDS), NOW)


def test_right_answers_are_told_only_where_that_is_asked_for() -> None:
    new = ItemKey("one", choices=["b"])
    by = definition(regrades=[Regrade(1, "one", KEYS[0], new, 1, TEACHER, "Why.")])

    assert shown(begun(by), by, NOW).correct is None
    correct = shown(begun(by), by, NOW, correct=True).correct

    assert correct is not None
    assert correct[0] == Correct("one", choices=["b"])
    assert correct[3] == Correct("essay")
    assert correct[5] == Correct("word", texts=["cell", "Cells"])


def test_others_are_told_how_it_is_from_now_on() -> None:
    attempt = saved(begun(LATE), LATE, [*all_right(), given("essay", ESSAY)], BEGINS)
    done = submitted(attempt, LATE, at=after(60, ENDS))

    said = told(done, LATE)

    assert said is not None
    assert (said.assessment, said.course, said.user) == (ASSESSMENT, COURSE, LEARNER)
    assert (said.penalty, said.provisional) == (1.0, True)
    past = said.attempt
    assert (past.number, past.state, past.late) == (1, AttemptState.PENDING_REVIEW, True)
    assert (past.score, past.max, past.submitted_at) == (7.0, 10.0, after(60, ENDS))


def test_of_one_that_is_open_others_know_what_there_is_to_get() -> None:
    said = told(begun(QUIZ), QUIZ)

    assert said is not None
    assert (said.attempt.score, said.attempt.max) == (None, 10.0)


def _prepared() -> Attempt:
    by = definition(opens_at=NOW, rules=rules(prepare_s=600))
    return changed(prepare(Starter(TENANT, LEARNER), by, Prior(), BEGINS))


def test_of_previews_and_what_is_made_ahead_nobody_is_told() -> None:
    assert told(begun(QUIZ, preview=True), QUIZ) is None
    assert told(_prepared(), QUIZ) is None
