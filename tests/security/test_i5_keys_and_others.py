"""I5: a learner asks for right answers and for what others did, before, during and after."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from legacy.monolith.database import Connection
from services.assessment.client.attempts import ServiceAttempts
from services.assessment.service import SOURCE, Addresses, service
from services.assessment.views import mine
from services.assessment.views import submissions as theirs
from services.assessment.views.known import open_to
from services.contracts.ids import AssessmentId, AttemptId, TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.storage.address import database_of
from services.storage.server import with_database
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.security.guarded_exam import FIRST, TEACHER, GuardedExam, guarded_exam
from tests.system import NUMBERS, System

EACH = 33
"""So many documents are sent for each learner."""
WAITS_S = 10.0


@dataclass
class Seen:
    """How many answers had the key in them, how many another's words; what staff alone may do."""

    asked: int = 0
    keys: int = 0
    others: int = 0
    taken: int = 0

    def judge(self, exam: GuardedExam, told: Iterable[str]) -> None:
        for text in told:
            self.asked += 1
            self.keys += exam.key in text
            self.others += exam.bens in text or f'"id": "{exam.sat}"' in text

    def judge_done(self, told: Iterable[str]) -> None:
        for text in told:
            self.asked += 1
            self.taken += '"code"' not in text


@pytest.fixture
def learners() -> list[int]:
    return list(range(FIRST, FIRST + max(1, n("I5") // EACH)))


@pytest.fixture
async def exam(system: System, monolith_db: Connection, learners: list[int]) -> GuardedExam:
    return await guarded_exam(system, monolith_db, f"guarded-{next(NUMBERS)}", learners)


async def test_i5_no_key_is_seen_early_and_nothing_of_another_ever(
    exam: GuardedExam, learners: list[int], figure: Recorder
) -> None:
    early, late, staff = Seen(), Seen(), Seen()
    await asyncio.gather(*[sit(exam, user, early) for user in learners])
    staff.judge(exam, await exam.everything(TEACHER))
    await exam.close()
    for user in learners:
        late.judge(exam, await exam.everything(user))

    figure("I5", asked=early.asked + late.asked, keys_seen_early=early.keys)
    figure("I5", of_others_seen=early.others + late.others, done_as_staff=early.taken)
    assert (early.keys, early.others, early.taken, late.others) == (0, 0, 0, 0)
    assert late.keys >= len(learners), "those who may see the key do not find it"
    assert min(staff.keys, staff.others) > 0, "staff do not find what the others look for"


async def test_i5_fails_without_the_reveal_rule(
    exam: GuardedExam, learners: list[int], monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(mine, "_may_know", lambda *_: True)
    monkeypatch.setattr(theirs, "watched", open_to)
    seen, user = Seen(), learners[0]
    attempt = await exam.begin(user)
    who = Viewer(TenantId(exam.tenant), UserId(str(user)), frozenset({Role.LEARNER}))
    async with beside(exam) as client:
        caller = Caller(who, Deadline.within(SystemClock(), WAITS_S))
        own = await client.many(caller, [AttemptId(attempt)])
        all_ = await client.submissions(caller, [AssessmentId(exam.exam)], 10, None, [])
        seen.judge(exam, [str(own), str(all_)])

    figure("I5", keys_seen_without_the_rule=seen.keys, of_others_without_it=seen.others)
    assert (seen.keys, seen.others) == (2, 1)


async def sit(exam: GuardedExam, user: int, seen: Seen) -> None:
    """Asks for everything before the attempt, during it, and once it is handed in."""
    seen.judge(exam, await exam.everything(user))
    attempt = await exam.begin(user)
    seen.judge(exam, await exam.everything(user))
    seen.judge_done(await exam.take(user))
    await exam.save(user, attempt, "what I know")
    await exam.submit(user, attempt)
    seen.judge(exam, await exam.everything(user))
    seen.judge_done(await exam.take(user))
    seen.judge(exam, await exam.everything(user))


@asynccontextmanager
async def beside(exam: GuardedExam) -> AsyncIterator[ServiceAttempts]:
    """Another process's worth of the service, over the same database."""
    stack, transport = exam.system.stack, HttpTransport(connections=2)
    database = with_database(stack.database, database_of(SOURCE))
    at = Addresses(database, stack.redis, "http://127.0.0.1:9")
    async with service(at, SystemClock()) as made, serving(made.app) as url:
        yield ServiceAttempts(ServiceClient(transport, SOURCE, url, WAITS_S))
    await transport.close()
