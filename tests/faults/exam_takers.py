"""A tenant whose learners take a test at the monolith, each all that may come of a command."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from legacy.monolith import seed
from legacy.monolith.database import Connection
from legacy.monolith.local_time import local, write
from services.contracts.ids import Kind, Side, encode
from services.kit.clock import SystemClock
from tests.integration.monolith.school import School, school
from tests.journeys.exam import FIRST_DEVICE, SAVE, START, SUBMIT
from tests.learner import Someone, token
from tests.unit.legacy.monolith.questions import FIVE

FIRST = 100
"""The first learner's id; those after it are theirs who come after."""
OF_ONE = 15
"""Commands of one who takes it all."""
LATER, EARLIER = timedelta(days=3), timedelta(hours=2)
ZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Hall:
    """`test` may be taken twice, `work` was begun long ago and is late, `exam` is not open yet."""

    school: School
    test: int
    work: int
    exam: int
    learners: list[int]

    @property
    def tenant(self) -> str:
        return self.school.tenant


async def hall(db: Connection, tenant: str, learners: int) -> Hall:
    made = await school(db, tenant, timezone=ZONE)
    users = list(range(FIRST, FIRST + learners))
    now = local(SystemClock().now(), ZONE)
    for user in users:
        await seed.person(db, tenant, user)
        await seed.enrol(db, tenant, made.course, user)
    test = await _kept(db, made, attempts_allowed=2, time_limit_min=30, grace_s=20)
    work = await _kept(db, made, type="ASSIGNMENT", time_limit_min=30, grace_s=600)
    exam = await _kept(db, made, type="EXAM", opens=write(now + LATER))
    begun = {str(user): [_begun(now - EARLIER)] for user in users}
    statement = "UPDATE content SET attempts = $3 WHERE tenant_id = $1 AND id = $2"
    await db.execute(statement, tenant, work, begun)
    return Hall(made, test, work, exam, users)


async def _kept(db: Connection, made: School, **changed: Any) -> int:
    body = dict(seed.assessment(FIVE, **changed))
    return await seed.content(db, made.tenant, made.course, "assessment", "A test", body)


def _begun(at: datetime) -> dict[str, Any]:
    return {
        "number": 1,
        "state": "in_progress",
        "started": write(at),
        "saved": None,
        "submitted": None,
        "answers": {},
        "score": None,
        "max": 8.5,
        "late": False,
        "banked": False,
    }


class Taker:
    """One learner, at one gateway; `told` are the answers in order, without what moves."""

    def __init__(self, gateway: str, home: Path, hall: Hall, user: int) -> None:
        self._someone = Someone(gateway, token(home, hall.tenant, user))
        self._hall = hall
        self._user = user
        self._keys = 0
        self.told: list[str] = []

    async def take(self) -> None:
        """OF_ONE commands, one after the other."""
        test, work = self._hall.test, self._hall.work
        await self.start(self._hall.exam)
        await self.save(work, 1)
        await self.submit(work, 1)
        for number in (1, 2):
            await self.start(test)
            await self.start(test)
            await self.save(test, number)
            await self.submit(test, number)
        await self.submit(test, 2)
        await self.save(test, 2)
        await self.save(test, 1, "b")
        await self.save(test, 9)
        await self._someone.close()

    async def over(self) -> None:
        """Once more than allowed."""
        await self.start(self._hall.test)
        await self._someone.close()

    async def start(self, assessment: int) -> None:
        named = encode(Kind.ASSESSMENT, self._hall.tenant, assessment)
        await self._say(START, "startAttempt", assessment=named)

    async def save(self, assessment: int, number: int, choice: str = "a") -> None:
        first, *others = FIRST_DEVICE
        answers = [{**first, "response": {"choices": [choice]}}, *others]
        named = self._attempt(assessment, number)
        await self._say(SAVE, "saveAnswers", attempt=named, answers=answers)

    async def submit(self, assessment: int, number: int) -> None:
        await self._say(SUBMIT, "submitAttempt", attempt=self._attempt(assessment, number))

    async def _say(self, query: str, name: str, **said: Any) -> None:
        self._keys += 1
        answer = (await self._someone.ask(query, key=f"{self._keys}", **said))[name]
        self.told.append(answer.get("code") or answer["__typename"])

    def _attempt(self, assessment: int, number: int) -> str:
        local_id = f"{assessment}-{self._user}-{number}"
        return encode(Kind.ATTEMPT, self._hall.tenant, local_id, Side.LEGACY)
