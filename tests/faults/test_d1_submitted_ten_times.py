"""D1: a submit that is sent ten times at once has one effect, and ten equal answers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import pytest

from services.assessment.store import held
from services.commands.idempotency import REMEMBER, Claim
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SUBMIT, Outcome, Submit
from services.contracts.errors import Refused
from services.storage.db import Connection
from tests.faults.exams import Exams, at_once, exams
from tests.faults.quiz import answers
from tests.faults.registry import n
from tests.figures import Recorder
from tests.stack import Stack

TIMES = 10
SUBMITTED = """
SELECT user_id, count(*) FROM attempt_events WHERE data ->> 'type' = 'AttemptSubmitted' GROUP BY 1
"""
LOOK = "SELECT reply FROM command_keys WHERE tenant_id = $1 AND actor = $2 AND key = $3"
NOTE = """
INSERT INTO command_keys (tenant_id, actor, key, digest) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""

Replies = list[Outcome | Refused]
Key = Callable[[int], str]
Tell = Callable[[Outcome | Refused], object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of all that were sent: what had no effect, effects too many, learners told two things."""

    lost: int = 0
    duplicates: int = 0
    differing: int = 0


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d1") as made:
        await made.define()
        yield made


async def test_d1_ten_at_once_with_one_key_have_one_effect(hall: Exams, figure: Recorder) -> None:
    users = await hall.admit(n("D1") // TIMES)

    replies = await press(hall, users, lambda nth: "the one")

    verdict = await judge(hall, users, replies, msgspec.json.encode)
    figure("D1", sent=len(users) * TIMES, lost=verdict.lost, duplicates=verdict.duplicates)
    figure("D1", differing_answers=verdict.differing)
    assert verdict == Verdict()


async def test_d1_ten_at_once_with_keys_of_their_own_have_one_effect(
    hall: Exams, figure: Recorder
) -> None:
    users = await hall.admit(n("D1") // TIMES)

    replies = await press(hall, users, lambda nth: f"press {nth}")

    verdict = await judge(hall, users, replies, receipt)
    figure("D1", lost_of_other_keys=verdict.lost, duplicates_of_other_keys=verdict.duplicates)
    assert verdict == Verdict()
    assert {sum(map(is_first, ten)) for ten in replies} == {1}


async def test_d1_fails_without_claim_and_lock(
    hall: Exams, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Looks whether the key is known, and notes it when all is done."""
    monkeypatch.setattr(held, "LOCK", held.LOCK.replace("FOR UPDATE OF attempts", ""))
    monkeypatch.setattr(Claim, "stored", look)
    monkeypatch.setattr(Claim, "remember", note)
    await hall.own.execute("ALTER TABLE attempt_events DROP CONSTRAINT attempt_events_pkey")
    users = await hall.admit(20)

    replies = await press(hall, users, lambda nth: "the one")

    verdict = await judge(hall, users, replies, msgspec.json.encode)
    figure("D1", duplicates_without_claim_and_lock=verdict.duplicates)
    assert verdict.duplicates > 0
    assert verdict.differing > 0


async def press(hall: Exams, users: Sequence[int], key: Key) -> list[Replies]:
    """Everybody begins, and presses submit ten times at once."""
    attempts = await hall.begin(users)
    both = zip(users, attempts, strict=True)
    work = [partial(_press, hall, user, Submit(attempt, answers()), key) for user, attempt in both]
    return await at_once(work, most=4)


async def _press(hall: Exams, user: int, said: Submit, key: Key) -> Replies:
    submit = partial(hall.do, user, SUBMIT, said)
    return await asyncio.gather(*[submit(key(nth)) for nth in range(TIMES)])


async def judge(hall: Exams, users: Sequence[int], replies: list[Replies], tell: Tell) -> Verdict:
    """By what the service has written down; `tell` says what of an answer must be equal."""
    effects: dict[int, int] = dict(await hall.rows(SUBMITTED))
    return Verdict(
        lost=sum(effects.get(user, 0) == 0 for user in users),
        duplicates=sum(max(0, effects.get(user, 0) - 1) for user in users),
        differing=sum(len(set(map(tell, ten))) != 1 for ten in replies),
    )


def receipt(reply: Outcome | Refused) -> object:
    return reply.attempt.receipt if isinstance(reply, AttemptAccepted) else reply


def is_first(reply: Outcome | Refused) -> bool:
    return isinstance(reply, AttemptAccepted) and not reply.duplicate


async def look(self: Claim, db: Connection) -> object:
    return await db.fetchval(LOOK, *self._place)


async def note(self: Claim, db: Connection, reply: object) -> None:
    await db.execute(NOTE, *self._place, self.digest)
    await db.execute(REMEMBER, *self._place, reply)
