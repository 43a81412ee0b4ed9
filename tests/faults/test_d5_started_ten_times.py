"""D5: start is pressed ten times, and against the last attempt allowed: the limit holds."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

import pytest
from msgspec.structs import replace

from services.assessment.model import start as starting
from services.assessment.model.place import Place
from services.assessment.store import learners
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import START, SUBMIT, Outcome, Start, Submit
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import decode
from tests.faults.exams import KEYS, TENANT, Exams, at_once, exams
from tests.faults.quiz import QUIZ
from tests.faults.registry import n
from tests.figures import Recorder
from tests.stack import Stack

TIMES, ALLOWED = 10, 2
EACH_HAS = """
SELECT count(*), count(*) FILTER (WHERE state = 'IN_PROGRESS') FROM attempts GROUP BY user_id
"""
Replies = list[Outcome | Refused]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Attempts beyond those allowed, and open ones beside another open one."""

    extra: int = 0
    open_beside: int = 0


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d5") as made:
        await made.define(replace(QUIZ, attempts_allowed=ALLOWED))
        yield made


async def test_d5_ten_starts_open_one_attempt_and_the_limit_holds(
    hall: Exams, figure: Recorder
) -> None:
    users = await hall.admit(n("D5") // TIMES // (ALLOWED + 1))
    first = await press(hall, users)
    await submit(hall, users, first)
    second = await press(hall, users)
    open_beside = (await judge(hall)).open_beside
    _, beyond = await asyncio.gather(submit(hall, users, second), press(hall, users))

    verdict = await judge(hall)
    figure("D5", starts=len(users) * TIMES * 3, extra_attempts=verdict.extra)
    figure("D5", open_beside_another=open_beside + verdict.open_beside)
    assert (verdict, open_beside) == (Verdict(), 0)
    assert {len(attempts_of(ten)) for ten in (*first, *second)} == {1}
    assert all(is_over(one) for ten in await press(hall, users) for one in ten)
    assert all(is_over(one) or is_given_again(one) for ten in beyond for one in ten)


async def test_d5_fails_without_lock_and_index(
    hall: Exams, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """A start that looks, then inserts under the next number of a sequence."""
    await hall.own.execute("DROP INDEX one_open")
    monkeypatch.setattr(learners, "LOCK", "SELECT exam_now() AS now, $1::text")
    numbers = count(1)
    monkeypatch.setattr(
        starting,
        "_place",
        lambda who, definition, _: Place(TENANT, definition.assessment, who.user, next(numbers)),
    )
    await press(hall, await hall.admit(10))

    verdict = await judge(hall)
    figure("D5", extra_attempts_without_lock_and_index=verdict.extra)
    assert verdict.extra > 0
    assert verdict.open_beside > 0


async def press(hall: Exams, users: Sequence[int]) -> list[Replies]:
    """Everybody presses start ten times at once; every other press repeats the one before."""
    return await at_once(
        [partial(_press, hall, user, f"press {next(KEYS)}") for user in users], most=4
    )


async def _press(hall: Exams, user: int, key: str) -> Replies:
    keys = [f"{key} {nth // 2}" for nth in range(TIMES)]
    start = partial(hall.do, user, START, Start(1))
    return await asyncio.gather(*map(start, keys))


async def submit(hall: Exams, users: Sequence[int], begun: Sequence[Replies]) -> None:
    attempts = [decode(attempts_of(ten).pop()).local for ten in begun]
    both = zip(users, attempts, strict=True)
    done = await at_once([partial(hall.do, user, SUBMIT, Submit(one)) for user, one in both])
    assert all(isinstance(one, AttemptAccepted) for one in done)


async def judge(hall: Exams) -> Verdict:
    """By the rows that there are."""
    each = await hall.rows(EACH_HAS)
    return Verdict(
        extra=sum(max(0, made - ALLOWED) for made, _ in each),
        open_beside=sum(max(0, open_ - 1) for _, open_ in each),
    )


def attempts_of(replies: Replies) -> set[str]:
    return {str(one.attempt.id) for one in replies if isinstance(one, AttemptAccepted)}


def is_given_again(reply: Outcome | Refused) -> bool:
    return isinstance(reply, AttemptAccepted) and reply.duplicate


def is_over(reply: Outcome | Refused) -> bool:
    return isinstance(reply, Refused) and reply.code is ErrorCode.ATTEMPT_LIMIT
