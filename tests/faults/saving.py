"""Learners who save answer after answer, and send each again until it is acknowledged."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import pairwise

from services.contracts.assessment_api import SAVE, Outcome, Save
from services.contracts.errors import Refused
from tests.faults.exams import Exams
from tests.faults.quiz import written

AGAIN_S = 0.1
SAVED = """
SELECT user_id, count(*), count(DISTINCT data -> 'answers' -> 0 ->> 'sequence')
FROM attempt_events WHERE data ->> 'type' = 'AnswersSaved' GROUP BY user_id
"""
PARTIAL = """
SELECT count(*) FROM attempts AS a
WHERE version <> (SELECT count(*) FROM attempt_events AS e WHERE e.user_id = a.user_id)
    OR version <> (SELECT count(*) FROM outbox WHERE stream = 'attempt/acme/1-' || user_id || '-1')
"""
NO_REPLY = "SELECT count(*) FROM command_keys WHERE reply IS NULL"


@dataclass(slots=True)
class Diary:
    """When each save was acknowledged, by user; `longest_s` is what any call took, also refused."""

    acknowledged: dict[int, list[float]] = field(default_factory=dict)
    refused: int = 0
    longest_s: float = 0.0

    @property
    def count(self) -> int:
        return sum(map(len, self.acknowledged.values()))

    @property
    def outage_s(self) -> float:
        """The longest time in which nobody's save was acknowledged."""
        moments = sorted(moment for one in self.acknowledged.values() for moment in one)
        return max(after - before for before, after in pairwise(moments))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Saves acknowledged that are not there, saves written twice, commands written by half."""

    lost: int = 0
    doubled: int = 0
    partial: int = 0


async def save(hall: Exams, serves: str, user: int, attempt: str, times: int, diary: Diary) -> None:
    """One after the other; a refusal must be one for the moment."""
    moments = diary.acknowledged.setdefault(user, [])
    for sequence in range(1, times + 1):
        said = Save(attempt, [written(sequence, f"saved {sequence}")])
        while isinstance(told := await _send(hall, serves, user, said, sequence, diary), Refused):
            assert told.retryable, told
            assert told.retry_after_ms, told
            diary.refused += 1
            await asyncio.sleep(AGAIN_S)
        moments.append(time.monotonic())


async def judge(hall: Exams, diary: Diary) -> Verdict:
    """By what the servers that are left have written down."""
    kept = {user: (events, saves) for user, events, saves in await hall.rows(SAVED)}
    lost = doubled = 0
    for user, moments in diary.acknowledged.items():
        events, saves = kept.get(user, (0, 0))
        lost += max(0, len(moments) - saves)
        doubled += events - saves
    return Verdict(lost, doubled, await hall.count(PARTIAL) + await hall.count(NO_REPLY))


async def _send(
    hall: Exams, serves: str, user: int, said: Save, sequence: int, diary: Diary
) -> Outcome | Refused:
    began_s = time.monotonic()
    told = await hall.do(user, SAVE, said, f"save {sequence}", at=serves)
    diary.longest_s = max(diary.longest_s, time.monotonic() - began_s)
    return told
