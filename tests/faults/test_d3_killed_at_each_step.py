"""D3: the service is killed at each step of a submit, the client sends it again: one effect."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

import pytest

from services.assessment.service import Addresses
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SUBMIT, Outcome, Submit
from services.contracts.errors import Refused
from tests.faults.dying_service import Arm, as_it_is, dying, keys_apart
from tests.faults.effects import Verdict, judge
from tests.faults.exams import NOBODY, Exams, at_once, exams
from tests.faults.quiz import answers
from tests.faults.registry import n
from tests.faults.steps import STEPS
from tests.figures import Recorder
from tests.stack import Stack

DYING_AT_ONCE = 3


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d3") as made:
        await made.define()
        yield made


async def test_d3_a_submit_that_was_killed_and_sent_again_has_one_effect(
    hall: Exams, stack: Stack, figure: Recorder
) -> None:
    replies = await kill(hall, stack, list(STEPS), n("D3"))

    verdict = await judge(hall)
    figure("D3", kills=len(replies), steps=len(STEPS), lost=verdict.lost, doubled=verdict.doubled)
    assert verdict == Verdict()
    assert all(isinstance(one, AttemptAccepted) and not one.duplicate for one in replies)


async def test_d3_fails_without_the_key_in_the_same_transaction(
    hall: Exams, stack: Stack, figure: Recorder
) -> None:
    replies = await kill(hall, stack, ["before the commit"], 3, keys_apart)

    verdict = await judge(hall)
    figure("D3", lost_with_keys_kept_apart=verdict.lost)
    assert all(isinstance(one, AttemptAccepted) for one in replies)
    assert verdict.lost == 3


async def kill(
    hall: Exams, stack: Stack, steps: Sequence[str], times: int, arm: Arm = as_it_is
) -> list[Outcome | Refused]:
    """A kill for each learner; gives what they are told when they try again."""
    users = await hall.admit(times)
    attempts = await hall.begin(users)
    at = Addresses(hall.database, stack.redis, NOBODY)
    each = enumerate(zip(users, attempts, strict=True))
    work = [
        partial(_kill, hall, at, steps[nth % len(steps)], arm, user, Submit(attempt, answers()))
        for nth, (user, attempt) in each
    ]
    return await at_once(work, DYING_AT_ONCE)


async def _kill(
    hall: Exams, at: Addresses, step: str, arm: Arm, user: int, said: Submit
) -> Outcome | Refused:
    async with dying(at, step, arm) as url:
        cut_off = await hall.do(user, SUBMIT, said, "the one", at=url)
    assert isinstance(cut_off, Refused)
    assert cut_off.retryable
    return await hall.do(user, SUBMIT, said, "the one")
