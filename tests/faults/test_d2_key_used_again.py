"""D2: a key that comes again with another payload is refused, and nothing changes."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial

import pytest

from services.commands.idempotency import CLAIM, Claim
from services.contracts.assessment import AttemptAccepted
from services.contracts.assessment_api import SAVE, SUBMIT, Outcome, Save, Submit
from services.contracts.errors import ErrorCode, Refused
from services.storage.db import Connection
from tests.faults.exams import Exams, at_once, exams
from tests.faults.quiz import written
from tests.faults.registry import n
from tests.figures import Recorder
from tests.stack import Stack

KEY = "the one"
TABLES = ("attempts", "answers", "attempt_events", "outbox", "command_keys")
Replies = list[Outcome | Refused]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Rows that changed, and second payloads that were told anything but KEY_REUSED."""

    changed: int = 0
    not_refused: int = 0


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d2") as made:
        await made.define()
        yield made


async def test_d2_another_payload_is_refused_and_changes_nothing(
    hall: Exams, figure: Recorder
) -> None:
    verdict = await reuse(hall, n("D2"))

    figure("D2", keys_used_again=2 * n("D2"), rows_changed=verdict.changed)
    figure("D2", not_refused=verdict.not_refused)
    assert verdict == Verdict()


async def test_d2_fails_without_the_digest(
    hall: Exams, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Whoever only looks for the key tells the second payload that it was taken."""
    monkeypatch.setattr(Claim, "stored", of_the_key_alone)

    verdict = await reuse(hall, 10)

    figure("D2", not_refused_without_the_digest=verdict.not_refused)
    assert verdict.not_refused == 20


async def reuse(hall: Exams, learners: int) -> Verdict:
    """Everybody saves, then says something else under the same key; and hands in under it."""
    users = await hall.admit(learners)
    attempts = await hall.begin(users)
    first = await save(hall, users, attempts, "first")
    assert all(isinstance(one, AttemptAccepted) for one in first)
    before = await rows(hall)

    other = await save(hall, users, attempts, "other")
    both = zip(users, attempts, strict=True)
    handed_in = await at_once(
        [partial(hall.do, user, SUBMIT, Submit(attempt), KEY) for user, attempt in both]
    )

    told = [reply for reply in (*other, *handed_in) if not is_reused(reply)]
    return Verdict(changed=len(await rows(hall) ^ before), not_refused=len(told))


async def save(hall: Exams, users: Sequence[int], attempts: Sequence[str], text: str) -> Replies:
    both = zip(users, attempts, strict=True)
    return await at_once(
        [
            partial(hall.do, user, SAVE, Save(attempt, [written(len(text), text)]), KEY)
            for user, attempt in both
        ]
    )


async def rows(hall: Exams) -> set[tuple[str, str]]:
    """All that the service has written down."""
    return {
        (table, row)
        for table in TABLES
        for (row,) in await hall.rows(f"SELECT t::text FROM {table} AS t")
    }


def is_reused(reply: Outcome | Refused) -> bool:
    return isinstance(reply, Refused) and reply.code is ErrorCode.KEY_REUSED


async def of_the_key_alone(self: Claim, db: Connection) -> object:
    row = await db.fetchrow(CLAIM, *self._place, self.digest)
    return row and row["reply"]
