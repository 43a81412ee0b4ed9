"""What every side promises to staff: it does the whole of what they say, or says that it cannot."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from services.contracts.assessment import AtEnd, AttemptState, Given, Response, Rules
from services.contracts.errors import ErrorCode, Refused
from services.contracts.supervising import Deed, Extra, RegradeAccepted, RulesSet, TimeGranted
from services.kit.caller import Caller
from tests.contract.desk import Desk, accepted, begun, conflict, lasting
from tests.contract.exam_hall import ESSAY, ONCE, QUIZ, TIMED, right
from tests.contract.side import Side, given
from tests.fakes.tenant import LEARNER, assessment_id, learner_id

WHY = "The fire alarm went off."
HOUR = timedelta(hours=1)
RULES = Rules(AtEnd.SUBMIT, late_for_s=60)
Does = Callable[[Desk, Caller], Awaitable[Any]]


def at(desk: Desk, number: int = QUIZ) -> Any:
    return assessment_id(desk.side.tenant, number)


async def pause(desk: Desk, by: Caller) -> Any:
    return await desk.side.sources.supervising.act(by, Deed.PAUSE, desk.attempt, WHY, "pause")


async def resume(desk: Desk, by: Caller) -> Any:
    return await desk.side.sources.supervising.act(by, Deed.RESUME, desk.attempt, WHY, "resume")


async def void(desk: Desk, by: Caller) -> Any:
    return await desk.side.sources.supervising.act(by, Deed.VOID, desk.attempt, WHY, "void")


async def reopen(desk: Desk, by: Caller) -> Any:
    return await desk.side.sources.supervising.act(by, Deed.REOPEN, desk.attempt, WHY, "reopen")


async def grade(desk: Desk, by: Caller, points: float = 1.0) -> Any:
    supervising = desk.side.sources.supervising
    return await supervising.grade_item(by, desk.attempt, "q1", points, None, "grade")


async def grant(desk: Desk, by: Caller, number: int = QUIZ) -> Any:
    more = Extra([learner_id(desk.side.tenant, LEARNER)], HOUR, 1.0, 1)
    return await desk.side.sources.supervising.grant(by, at(desk, number), more, WHY, "grant")


async def regrade(desk: Desk, by: Caller) -> Any:
    correct = Response(choices=["b"])
    supervising = desk.side.sources.supervising
    return await supervising.regrade(by, at(desk), "q1", correct, WHY, "regrade")


async def set_rules(desk: Desk, by: Caller) -> Any:
    return await desk.side.sources.supervising.set_rules(by, at(desk), RULES, "rules")


COMMANDS: list[Does] = [pause, resume, void, reopen, grade, grant, regrade, set_rules]


class TestSupervising:
    @pytest.mark.parametrize("command", COMMANDS)
    async def test_what_a_side_cannot_do_it_does_not_do_by_half(
        self, hall: Side, command: Does
    ) -> None:
        desk = await begun(hall, QUIZ)
        before = await desk.read()

        done = await command(desk, hall.teacher)

        is_refused = isinstance(done, Refused) and done.code is ErrorCode.READ_ONLY
        assert is_refused is hall.is_old, done
        if hall.is_old:
            assert lasting(await desk.read()) == lasting(before)

    @pytest.mark.parametrize("command", COMMANDS)
    async def test_a_learner_does_nothing_of_it(self, hall: Side, command: Does) -> None:
        desk = await begun(hall, QUIZ)
        before = await desk.read()

        done = await command(desk, hall.other)

        assert isinstance(done, Refused)
        assert done.code in (ErrorCode.FORBIDDEN, ErrorCode.READ_ONLY)
        assert lasting(await desk.read()) == lasting(before)

    async def test_nothing_is_saved_in_a_pause_and_work_goes_on_after_it(
        self, staffed: Side
    ) -> None:
        desk = await begun(staffed, TIMED)

        accepted(await pause(desk, staffed.teacher))
        conflict(await desk.save(*right(), key="one"), ErrorCode.WINDOW_CLOSED)
        accepted(await resume(desk, staffed.teacher))

        accepted(await desk.save(*right(), key="two"))

    async def test_what_is_void_is_kept_and_closed(self, staffed: Side) -> None:
        desk = await begun(staffed, QUIZ)
        accepted(await desk.save(*right()))

        void_ = accepted(await void(desk, staffed.teacher))

        assert (void_.state, len(void_.answers)) == (AttemptState.INVALIDATED, 5)
        conflict(await desk.submit(), ErrorCode.ATTEMPT_CLOSED)

    async def test_what_is_reopened_is_worked_on_again(self, staffed: Side) -> None:
        desk = await begun(staffed, ONCE)
        accepted(await desk.submit(key="one"))

        again = accepted(await reopen(desk, staffed.teacher))

        assert (again.state, again.score, again.receipt) == (AttemptState.IN_PROGRESS, None, None)
        accepted(await desk.submit(*right(), key="two"))

    async def test_what_waited_for_a_human_is_graded_by_one(self, staffed: Side) -> None:
        desk = await begun(staffed, ESSAY)
        accepted(await desk.submit(Given("q1", 1, Response(text="Because."))))

        done = accepted(await grade(desk, staffed.teacher, points=4.0))

        assert done.state is AttemptState.GRADED
        assert done.score is not None
        assert (done.score.raw, done.score.provisional) == (4.0, False)

    async def test_no_item_gives_more_than_its_points(self, staffed: Side) -> None:
        desk = await begun(staffed, ESSAY)
        accepted(await desk.submit())

        done = await grade(desk, staffed.teacher, points=5.5)

        assert isinstance(done, Refused)
        assert done.code is ErrorCode.INVALID

    async def test_granted_time_moves_the_end_of_an_open_attempt(self, staffed: Side) -> None:
        desk = await begun(staffed, TIMED)
        before = (await desk.read()).window

        assert await grant(desk, staffed.teacher, TIMED) == TimeGranted(
            [learner_id(staffed.tenant, LEARNER)]
        )
        after = (await desk.read()).window
        assert before is not None
        assert after is not None
        assert before.ends_at is not None
        assert (after.ends_at, after.extra_time) == (before.ends_at + HOUR, HOUR)

    async def test_a_regrade_counts_those_that_are_finished(self, staffed: Side) -> None:
        desk = await begun(staffed, QUIZ)
        await begun(staffed, QUIZ, staffed.other)
        accepted(await desk.submit(*right()))

        assert given(await regrade(desk, staffed.teacher)) == RegradeAccepted(1)

    async def test_rules_are_set_for_an_assessment(self, staffed: Side) -> None:
        desk = await begun(staffed, QUIZ)

        assert given(await set_rules(desk, staffed.teacher)) == RulesSet(at(desk))
