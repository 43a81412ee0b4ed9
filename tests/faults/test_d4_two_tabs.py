"""D4: two tabs save different questions, and one question out of order; nothing is lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

import pytest

from services.assessment.model.attempt import Attempt
from services.assessment.model.events import AttemptEvent
from services.assessment.store import attempts as store
from services.assessment.store import held
from services.contracts.assessment import AttemptAccepted, Given, Response
from services.contracts.assessment_api import SAVE, Save
from services.storage.db import Connection
from tests.faults.exams import Exams, at_once, exams
from tests.faults.quiz import written
from tests.faults.registry import n
from tests.figures import Recorder
from tests.stack import Stack

EACH = 25
"""So many saves of each tab of each attempt."""
SEED = 4
THINKS_S = 0.01
"""Between reading and writing, where nobody waits for anybody."""
STORED = "SELECT user_id, item, sequence, data -> 'response' FROM answers"

Answers = dict[tuple[int, str], tuple[int, Response]]


@dataclass(frozen=True, slots=True)
class Tab:
    """Saves its own question in order, and the one that both show, out of order."""

    user: int
    attempt: str
    own: str
    shared: Sequence[int]

    def saves(self) -> list[list[Given]]:
        return [
            [self._own(nth + 1), written(sequence, f"{self.own} {sequence}")]
            for nth, sequence in enumerate(self.shared)
        ]

    def _own(self, sequence: int) -> Given:
        if self.own == "q1":
            return Given("q1", sequence, Response(choices=["abcd"[sequence % 4]]))
        return Given("q2", sequence, Response(number=float(sequence)))


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d4") as made:
        await made.define()
        yield made


async def test_d4_what_two_tabs_save_is_kept_and_the_newer_wins(
    hall: Exams, figure: Recorder
) -> None:
    saves = n("D4")
    acknowledged = await type_away(hall, saves // EACH // 2)

    lost = await judge(hall, acknowledged)
    figure("D4", saves=saves, answers=len(acknowledged), lost=lost)
    assert len(acknowledged) == 3 * (saves // EACH // 2)
    assert lost == 0


async def test_d4_fails_without_a_row_for_each_answer(
    hall: Exams, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """An attempt that is read, merged with what is new, and written as one."""
    monkeypatch.setattr(held, "LOCK", held.LOCK.replace("FOR UPDATE OF attempts", ""))
    monkeypatch.setattr(store, "write", write_whole)
    acknowledged = await type_away(hall, 10)

    lost = await judge(hall, acknowledged)
    figure("D4", lost_when_the_whole_is_written=lost)
    assert lost > 0


async def type_away(hall: Exams, learners: int) -> Answers:
    """Both tabs of everybody at once; gives the newest that was acknowledged of each question."""
    users = await hall.admit(learners)
    attempts = await hall.begin(users)
    dice, acknowledged, tabs = Random(SEED), Answers(), list[Tab]()
    for user, attempt in zip(users, attempts, strict=True):
        shared = dice.sample(range(1, 2 * EACH + 1), 2 * EACH)
        tabs.append(Tab(user, attempt, "q1", shared[:EACH]))
        tabs.append(Tab(user, attempt, "q2", shared[EACH:]))
    await at_once([partial(use, hall, tab, acknowledged) for tab in tabs])
    return acknowledged


async def use(hall: Exams, tab: Tab, acknowledged: Answers) -> None:
    """A tab has two saves under way."""
    saves = tab.saves()
    for some in zip(saves[::2], saves[1::2], strict=False):
        await asyncio.gather(*[_save(hall, tab, given, acknowledged) for given in some])
    if len(saves) % 2:
        await _save(hall, tab, saves[-1], acknowledged)


async def _save(hall: Exams, tab: Tab, given: list[Given], acknowledged: Answers) -> None:
    done = await hall.do(tab.user, SAVE, Save(tab.attempt, given))
    assert isinstance(done, AttemptAccepted), done
    for one in given:
        place, said = (tab.user, one.item_id), (one.sequence, one.response)
        acknowledged[place] = max(acknowledged.get(place, said), said, key=lambda one: one[0])


async def judge(hall: Exams, acknowledged: Answers) -> int:
    """Questions whose newest acknowledged answer is not the one that is there."""
    stored = {
        (user, item): (sequence, Response(**response))
        for user, item, sequence, response in await hall.rows(STORED)
    }
    return sum(stored.get(place) != said for place, said in acknowledged.items())


async def write_whole(
    db: Connection, attempt: Attempt, events: Sequence[AttemptEvent], due_at: datetime | None
) -> None:
    await asyncio.sleep(THINKS_S)
    place, known = store.key(attempt.place), list(attempt.answers.values())
    await db.execute(store.WRITE, *place, attempt.version, [], known, attempt, due_at)
