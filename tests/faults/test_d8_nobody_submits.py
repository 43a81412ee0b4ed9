"""D8: nobody presses submit: time hands in what was saved, once, within seconds of the end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SAVE, Save
from services.events.role import Role
from tests.faults.exams import Exams, at_once, exams
from tests.faults.quiz import QUIZ, answers
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.events.reading import at_work
from tests.integration.monolith.waiting import until
from tests.stack import Stack

ALLOWED_S = 5.0
BEFORE_S = 0.5
CLOSED = """
SELECT user_id, at, (
    SELECT count(*) FROM answers WHERE answers.user_id = happened.user_id
), (
    SELECT (data -> 'score' ->> 'raw')::float8 FROM attempts
    WHERE attempts.user_id = happened.user_id
) FROM attempt_events AS happened WHERE data ->> 'type' = 'AttemptSubmitted'
"""
LOOK_EVERY_S = 0.2
HOW_MANY = "SELECT count(*) FROM attempts WHERE state = 'GRADED'"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Attempts closed too late or not at all, closed twice, closed without what was saved."""

    late: int = 0
    twice: int = 0
    without_answers: int = 0


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d8") as made:
        await made.moves_time()
        yield made


async def test_d8_time_closes_with_what_was_saved(hall: Exams, figure: Recorder) -> None:
    ends_at, users = await sit(hall, n("D8"))
    one, other = [hall.service.duties[Role.TIME] for _ in range(2)]
    async with at_work(one, other):
        await until(partial(are_closed, hall, len(users)), ALLOWED_S + 5)

    verdict = await judge(hall, users, ends_at)
    slowest_s = max((at - ends_at).total_seconds() for _, at, _, _ in await hall.rows(CLOSED))
    figure("D8", attempts=len(users), closed_late=verdict.late, slowest_s=slowest_s)
    figure("D8", closed_twice=verdict.twice, without_answers=verdict.without_answers)
    assert verdict == Verdict()


async def test_d8_fails_without_a_sweeper(hall: Exams, figure: Recorder) -> None:
    ends_at, users = await sit(hall, 10)

    await asyncio.sleep(BEFORE_S + ALLOWED_S)

    verdict = await judge(hall, users, ends_at)
    figure("D8", still_open_without_a_sweeper=verdict.late)
    assert verdict.late == 10


async def sit(hall: Exams, learners: int) -> tuple[datetime, list[int]]:
    """Everybody saves all their answers; then it is shortly before the end, for all at once."""
    ends_at = await hall.now() + timedelta(hours=1)
    await hall.define(replace(QUIZ, closes_at=ends_at))
    users = await hall.admit(learners)
    attempts = await hall.begin(users)
    both = zip(users, attempts, strict=True)
    saved = await at_once(
        [partial(hall.do, user, SAVE, Save(attempt, answers())) for user, attempt in both]
    )
    assert all(isinstance(one, AttemptAccepted) for one in saved)
    left_s = (ends_at - await hall.now()).total_seconds()
    await hall.passes(left_s - BEFORE_S)
    return ends_at, users


async def are_closed(hall: Exams, many: int) -> bool:
    await asyncio.sleep(LOOK_EVERY_S)
    return await hall.count(HOW_MANY) == many


async def judge(hall: Exams, users: Sequence[int], ends_at: datetime) -> Verdict:
    """By the events and answers that the service has written down."""
    in_time, closed = set(), []
    right = len(answers())
    rows = await hall.rows(CLOSED)
    for user, at, _, _ in rows:
        closed.append(user)
        if at - ends_at <= timedelta(seconds=ALLOWED_S):
            in_time.add(user)
    return Verdict(
        late=len(set(users) - in_time),
        twice=len(closed) - len(set(closed)),
        without_answers=sum((kept, raw) != (right, right) for _, _, kept, raw in rows),
    )
