"""C10 and C15 at a running system: five tenants on both sides, two gateway processes, one Redis."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bench.sending import sent
from legacy.monolith import database, seed
from legacy.monolith.database import Connection
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, Side, encode
from services.contracts.learning import Role
from tests.faults.campus import COURSES, Someone, people
from tests.faults.registry import n
from tests.faults.test_c10_cross_user import ASKED, FOREIGN_IDS, SHARED
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.learner import Someone as Client
from tests.learner import token
from tests.sides import READS, turn
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE
from tests.unit.legacy.monolith.questions import FIVE

TENANTS = [f"c10-{nth}" for nth in range(5)]
ON_THE_NEW_SIDE = TENANTS[3:]
SHARE = 50
"""Of a row's N so many times fewer go over the wire."""
AT_ONCE = 20
STRANGERS = 8
ROOTS = {"course": "course", "quiz": "assessment", "lecture": "liveClass"}


class Overheard(Client):
    async def told(self, query: str, ids: dict[str, str]) -> bytes:
        body = {"query": query, "variables": ids}
        response = await sent(self._http.post(self._url).body_json(body).build())
        return bytes(await response.bytes())


@dataclass(frozen=True, slots=True)
class Hall:
    people: list[Someone]
    clients: dict[Someone, Overheard]

    async def told(self, one: Someone, query: str, tenant: str, course: int) -> bytes:
        return await self.clients[one].told(query, dict(_given(query, tenant, course)))


def _given(query: str, tenant: str, course: int) -> Iterator[tuple[str, str]]:
    """Of each course there are a module, a lesson and a quiz, in this order; and a class."""
    things = {
        "course": encode(Kind.COURSE, tenant, course),
        "quiz": encode(Kind.ASSESSMENT, tenant, 3 * course),
        "lecture": encode(Kind.LIVE_CLASS, tenant, course, Side.LEGACY),
    }
    return ((name, id_) for name, id_ in things.items() if f"${name}:" in query)


@pytest.fixture(scope="module")
async def hall(stack: Stack) -> AsyncIterator[Hall]:
    crowd = [replace(one, done=0) for one in people(TENANTS)]
    db = await database.connect(with_database(stack.database, MONOLITH_DATABASE))
    async with db.transaction():
        for tenant in TENANTS:
            await _school(db, tenant, [one for one in crowd if one.viewer.tenant == tenant])
    await db.close()
    for tenant in ON_THE_NEW_SIDE:
        await turn(stack, tenant, "service", *READS)
    made = Hall(crowd, {one: Overheard(stack.gateway, _bearer(stack, one)) for one in crowd})
    await until(lambda: _is_whole(made), most_s=30)
    yield made
    for client in made.clients.values():
        await client.close()


def _bearer(stack: Stack, one: Someone) -> str:
    [role] = one.viewer.roles
    return token(stack.home, one.viewer.tenant, one.viewer.user, role)


async def _school(db: Connection, tenant: str, crowd: list[Someone]) -> None:
    await seed.tenant(db, tenant)
    for one in crowd:
        user, [role] = int(one.viewer.user), one.viewer.roles
        await seed.person(db, tenant, user, _name(one), role)
    for nth in range(1, COURSES + 1):
        mark = f"<{tenant}.c{nth}>"
        quiz = (mark, seed.assessment([question | {"prompt": mark} for question in FIVE]))
        await seed.course(db, tenant, nth, mark, mark, [(mark, [(mark, "TEXT")])], [quiz])
        begins = datetime.now(UTC).replace(microsecond=0, tzinfo=None) + timedelta(days=2)
        ends = begins + timedelta(hours=1)
        await seed.live_class(db, tenant, nth, begins, ends, mark, teacher=2)
        for one in crowd:
            if nth in one.courses and Role.OPERATOR not in one.viewer.roles:
                as_what = "TEACHER" if Role.TEACHER in one.viewer.roles else "LEARNER"
                await seed.enrol(db, tenant, nth, int(one.viewer.user), as_what)


def _name(one: Someone) -> str:
    """A teacher's is told to whoever learns there."""
    tenant, user = one.viewer.tenant, one.viewer.user
    return f"<{tenant}>" if Role.TEACHER in one.viewer.roles else f"<{tenant}.u{user}>"


async def _is_whole(hall: Hall) -> bool:
    """Whoever learns something in a tenant can read all of it."""
    learners = [one for one in hall.people if len(one.courses) < COURSES]
    told = await asyncio.gather(
        *(
            hall.told(one, query, str(one.viewer.tenant), course)
            for one in learners[::19]
            for query in SHARED
            for course in one.courses
        )
    )
    return all(b"null" not in body and b"<c10" in body for body in told)


async def test_c10_nobody_is_told_what_is_anothers_over_http(hall: Hall, figure: Recorder) -> None:
    dice, gate = Random(10), asyncio.Semaphore(AT_ONCE)
    told: list[tuple[Someone, bytes]] = []

    async def ask() -> None:
        one, query = dice.choice(hall.people), dice.choice(ASKED)
        is_own = dice.random() >= FOREIGN_IDS
        tenant = str(one.viewer.tenant) if is_own else dice.choice(TENANTS)
        async with gate:
            told.append((one, await hall.told(one, query, tenant, dice.randint(1, COURSES))))

    await asyncio.gather(*(ask() for _ in range(n("C10") // SHARE)))

    foreign = [body for one, body in told if one.is_foreign(body)]
    telling = sum(b"<c10" in body for _, body in told)
    figure("C10", answers=len(told), foreign_answers=len(foreign), telling_whose=telling)
    assert foreign == []
    assert telling > len(told) / 4


async def test_c15_whoever_may_not_see_it_finds_nothing_over_http(
    hall: Hall, figure: Recorder
) -> None:
    """They ask while it is warmed, and once it is warm: it is as if there was no such thing."""
    dice, asked, foreign = Random(15), 0, []
    while asked < n("C15") // SHARE:
        tenant, course, query = dice.choice(TENANTS), dice.randint(1, COURSES), dice.choice(SHARED)
        inside = [one for one in hall.people if course in one.courses]
        warmer = dice.choice([one for one in inside if one.viewer.tenant == tenant])
        others = [one for one in hall.people if course not in one.courses]
        crowd = dice.sample([one for one in others if one.viewer.tenant == tenant], STRANGERS)
        for _ in range(2):
            own, *told = await asyncio.gather(
                *(hall.told(one, query, tenant, course) for one in [warmer, *crowd])
            )
            assert f"<{tenant}.c{course}>".encode() in own
            root = next(root for name, root in ROOTS.items() if f"${name}:" in query)
            foreign += [body for body in told if not _is_nothing(body, root)]
            asked += len(told)

    figure("C15", asked_by_strangers=asked, foreign_answers=len(foreign))
    assert foreign == []


def _is_nothing(body: bytes, root: str) -> bool:
    """What is said of a thing that does not exist; the cost is that of the document."""
    told = json.loads(body)
    return "errors" not in told and told["data"] == {root: None}
