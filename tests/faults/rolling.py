"""Two gateway processes with a Redis of their own, before services that may be made sick."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from flags.change import Change
from flags.names import CAPABILITIES
from flags.redis_fleet import RedisFleet
from flags.rollback import tried
from legacy.monolith import seed
from legacy.monolith.database import Connection
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, encode
from services.contracts.question import Question
from services.kit.ports import port_of
from services.kit.redis import redis_of
from tests import pair, valkey
from tests.faults.faulty import Faulty, faulty
from tests.integration.monolith.waiting import until
from tests.learner import Someone, codes, token
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE, NUMBERS
from tests.unit.legacy.monolith.questions import FIVE

LEARNERS = range(100, 150)
LESSONS = 40
COURSE, FIRST_QUIZ = 1, LESSONS + 2
READS = "{ viewer { courses { edges { node { title progress { ratio } } } } } }"
ATTEMPTS = """query ($id: ID!) { assessment(id: $id) { window { serverNow }
  attempts { totalCount } } }"""
COMPLETE = """mutation ($id: ID!, $key: ID!) {
  completeLesson(input: { lessonId: $id, key: $key }) { __typename } }"""
PAUSE_S, QUIET_S = 0.05, 1.5
PATIENT_S = 20.0
MOST_AT_ONCE = 20
PATIENT = {
    "request_budget_ms": "8000",
    "upstream_budget_ms": "4000",
    "concurrency": "0",
    "viewer_rate": "0",
    "tenant_rate": "0",
}
"""A busy machine is no sick service."""


@dataclass
class Platform:
    """A tenant's, most of whose learners the services answer; `people` are signed in."""

    tenant: str
    progress: Faulty
    assessment: Faulty
    monolith: pair.Server
    gateways: list[pair.Server]
    redis_url: str
    home: Path
    people: list[Someone] = field(default_factory=list)

    def sign_in(self) -> None:
        at = cycle(self.gateways)
        self.people = [
            Someone(next(at).url, token(self.home, self.tenant, user)) for user in LEARNERS
        ]

    def quiz(self, nth: int = 0) -> str:
        return encode(Kind.ASSESSMENT, self.tenant, FIRST_QUIZ + nth)

    def turn(self, percent: int, *capabilities: str) -> None:
        for capability in capabilities:
            Change(CAPABILITIES[capability], percent).applied(self.home)

    async def is_known(self) -> bool:
        """To the services: the last learner sees all."""
        answer = await self.people[-1].answer(ATTEMPTS, id=self.quiz())
        found = (answer.get("data") or {}).get("assessment")
        return bool(found and found["window"] and found["attempts"])

    async def let_back(self) -> None:
        """All that is rolled back is at the service again, as an operator would have it."""
        redis = redis_of(self.redis_url)
        fleet = RedisFleet(redis, PATIENT_S)
        shared = await fleet.exchange({}, {})
        for name, state in shared.states.items():
            await fleet.change(name, state, tried(state, shared.now_s, 100, shared.total[name]))
        await redis.aclose()

    async def close(self) -> None:
        for one in self.people:
            await one.close()


@dataclass
class Traffic:
    """Everybody asks in turn, again and again, while it runs."""

    platform: Platform
    reads: Callable[[Someone], Awaitable[dict[str, Any]]]
    writes: Iterator[tuple[int, int]] = field(default_factory=lambda: iter(()))
    answers: int = 0
    failed: int = 0
    written: int = 0
    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    said: Counter[str] = field(default_factory=Counter)

    @asynccontextmanager
    async def flows(self) -> AsyncIterator[None]:
        """At the end everybody is answered."""
        async with asyncio.TaskGroup() as work:
            running = work.create_task(self._flow(work))
            yield
            running.cancel()

    def begin_to_count(self) -> None:
        self.answers, self.failed, self.said = 0, 0, Counter()

    async def _flow(self, work: asyncio.TaskGroup) -> None:
        for one in cycle(self.platform.people):
            await self.free.acquire()
            work.create_task(self._read(one))
            wanted = next(self.writes, None)
            if wanted is not None:
                work.create_task(self._write(*wanted))
            await asyncio.sleep(PAUSE_S)

    async def _read(self, who: Someone) -> None:
        told = codes(await self.reads(who))
        self.free.release()
        self.answers += 1
        self.failed += bool(told)
        self.said.update(told)

    async def _write(self, nth: int, lesson: int) -> None:
        asked = encode(Kind.LESSON, self.platform.tenant, lesson)
        self.written += 1
        await self.platform.people[nth].answer(COMPLETE, id=asked, key=f"{nth}-{lesson}")


async def read(who: Someone) -> dict[str, Any]:
    return await who.answer(READS)


def writes() -> Iterator[tuple[int, int]]:
    """Each learner completes each lesson once."""
    lessons = range(2, LESSONS + 2)
    return ((nth, lesson) for lesson in lessons for nth in range(len(LEARNERS)))


async def rolled_back_s(
    sick: Faulty, questions: Iterable[Question[Any, Any]], most_s: float = 20.0
) -> float:
    """From the first spoilt answer until nobody's question comes there any more."""
    paths = [one.path for one in questions]
    ends = time.monotonic() + most_s
    while time.monotonic() < ends:
        await asyncio.sleep(PAUSE_S)
        if time.monotonic() - max(sick.last_s(paths), ends - most_s) > QUIET_S:
            return sick.last_s(paths) - sick.first_spoilt_s()
    return float("inf")


@asynccontextmanager
async def platform(
    stack: Stack,
    db: Connection,
    home: Path,
    quizzes: int = 1,
    program: str = "gateway.main",
    gateways: int = 2,
    **settings: str,
) -> AsyncIterator[Platform]:
    """`settings` are those of the gateways, which run `program`; the services are the stack's."""
    tenant = await _tenant(db, quizzes)
    shutil.copytree(stack.home / "keys", home / "keys")
    async with AsyncExitStack() as open_:
        at, progress = await open_.enter_async_context(faulty(_url(stack, "progress")))
        and_at, assessment = await open_.enter_async_context(faulty(_url(stack, "assessment")))
        redis = open_.enter_context(valkey.server())
        database = with_database(stack.database, MONOLITH_DATABASE)
        mono = open_.enter_context(pair.monolith(home, database))
        told = {"progress_url": at, "assessment_url": and_at, "legacy_url": mono.url}
        told |= {f"{one}_url": _url(stack, one) for one in ("feeder", "live_class")}
        environ = _environ(home, redis.url, told | settings)
        one = partial(pair.server, home, program, "BANYAN_PORT", "/health/ready", environ)
        begun = [await asyncio.to_thread(open_.enter_context, one()) for _ in range(gateways)]
        made = Platform(tenant, progress, assessment, mono, begun, redis.url, home)
        made.turn(90, "course.read", "progress.read")
        made.turn(100, "progress.write", "assessment.read", "assessment.attempts")
        made.sign_in()
        open_.push_async_callback(made.close)
        await until(made.is_known, most_s=60)
        yield made


def _environ(home: Path, redis: str, told: dict[str, str]) -> dict[str, str]:
    own = {"home": str(home), "legacy_secret": pair.SECRET, "cache_mb": "0", **PATIENT, **told}
    return {f"BANYAN_{name.upper()}": text for name, text in own.items()} | {"REDIS_URL": redis}


async def _tenant(db: Connection, quizzes: int) -> str:
    name = await seed.tenant(db, f"rolling-{next(NUMBERS)}")
    modules = [("Week", [(f"Lesson {nth}", "TEXT") for nth in range(LESSONS)])]
    exams = [(f"Quiz {nth}", seed.assessment(FIVE)) for nth in range(quizzes)]
    await seed.course(db, name, COURSE, "Biology", "", modules, exams)
    for user in LEARNERS:
        await seed.person(db, name, user)
        await seed.enrol(db, name, COURSE, user)
    return name


def _url(stack: Stack, role: str) -> str:
    base = int(stack.gateway.rpartition(":")[2])
    return f"http://127.0.0.1:{port_of(role, base)}"
