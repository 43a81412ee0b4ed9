"""A capability moves from the monolith to its service and back, and no client notices."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from legacy.monolith import seed
from legacy.monolith.database import Connection
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.pair import Server
from tests.sides import banyan, turn
from tests.stack import Stack
from tests.system import NUMBERS, System

CAPABILITY = "progress.read"
LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC).replace(tzinfo=None)
"""By the wall clock of the tenant, as the monolith keeps it."""
LEARNERS = range(100, 140)
AT_ONCE = 8
ROUNDS = 2
"""So many times each learner asks in each mode, at least."""
QUERY = """{ viewer { id name courses(first: 10) { edges { node {
  id title progress { completed total ratio } outline { title lessons { title completed } }
} } } } }"""


@dataclass
class Crowd:
    """Learners who ask again and again, and know what they were told at first."""

    system: System
    tenant: str
    expected: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: Counter[int] = field(default_factory=Counter)
    errors: list[Any] = field(default_factory=list)
    differing: list[tuple[int, Any]] = field(default_factory=list)

    async def ask(self, learner: int) -> None:
        answer = await self.system.someone(self.tenant, learner).answer(QUERY)
        self.asked[learner] += 1
        if "errors" in answer:
            self.errors.append(answer["errors"])
        elif answer["data"] != self.expected.setdefault(learner, answer["data"]):
            self.differing.append((learner, answer["data"]))

    async def go_on(self, first: int) -> None:
        while True:
            for learner in LEARNERS[first::AT_ONCE]:
                await self.ask(learner)

    async def rounds(self) -> None:
        """Returns once each has asked so often from now on."""
        before = dict(self.asked)

        async def all_have() -> bool:
            return all(self.asked[one] >= before.get(one, 0) + ROUNDS for one in LEARNERS)

        await until(all_have, most_s=120)


@pytest.fixture
async def tenant(monolith_db: Connection) -> str:
    """Two courses; each learner has come as far as their number says."""
    name = await seed.tenant(monolith_db, f"moving-{next(NUMBERS)}")
    courses = [
        await seed.course(monolith_db, name, number, f"Course {number}", "", [("Week 1", LESSONS)])
        for number in (1, 2)
    ]
    for learner in LEARNERS:
        await seed.person(monolith_db, name, learner, f"Learner {learner}")
        for course in courses:
            await seed.enrol(monolith_db, name, course, learner)
            lessons = await seed.contents(monolith_db, name, course, "lesson")
            for row in lessons[: learner % (len(LESSONS) + 1)]:
                await seed.complete(monolith_db, name, course, row["id"], learner, LONG_AGO)
    return name


LESSONS = [("Reading", "TEXT"), ("Film", "VIDEO"), ("Talk", "TEXT")]


@asynccontextmanager
async def asking(stack: Stack, system: System, tenant: str) -> AsyncIterator[Crowd]:
    """Asks all the while, beginning with what the monolith says."""
    crowd = Crowd(system, tenant)
    for learner in LEARNERS:
        await crowd.ask(learner)
    await the_service_knows_as_much(stack, crowd)
    async with asyncio.TaskGroup() as work:
        tasks = [work.create_task(crowd.go_on(first)) for first in range(AT_ONCE)]
        yield crowd
        for task in tasks:
            task.cancel()


def served(stack: Stack) -> dict[str, int]:
    """How often each side says it was asked for progress."""
    logs = stack.home / "logs"
    service, monolith = (
        Server("", stack.process, logs / f"{role}.log").requests()
        for role in ("progress", "monolith")
    )
    return {
        "service": service.count("POST /progress"),
        "legacy": sum("/progress" in request for request in monolith),
    }


async def in_mode(stack: Stack, crowd: Crowd) -> dict[str, float]:
    """Of one course's progress, what each side was asked for each time that somebody asked."""
    asked, before = crowd.asked.total(), served(stack)
    await crowd.rounds()
    asked, now = crowd.asked.total() - asked, served(stack)
    return {side: (now[side] - before[side]) / asked for side in now}


async def the_service_knows_as_much(stack: Stack, crowd: Crowd) -> None:
    await turn(stack, crowd.tenant, "service", CAPABILITY)

    async def all_the_same() -> bool:
        known = [await crowd.system.someone(crowd.tenant, one).answer(QUERY) for one in LEARNERS]
        return all(
            one.get("data") == crowd.expected[n] for n, one in zip(LEARNERS, known, strict=True)
        )

    await until(all_the_same, most_s=60)
    await turn(stack, crowd.tenant, "legacy", CAPABILITY)


async def is_rolled_back(system: System) -> bool:
    status = await system.someone("nobody", 1).ask(
        "{ platformStatus { capabilities { name mode } } }"
    )
    return {"name": CAPABILITY, "mode": "ROLLED_BACK"} in status["platformStatus"]["capabilities"]


async def test_a_capability_moves_under_load_and_nobody_sees_it(
    stack: Stack, system: System, tenant: str, figure: Recorder
) -> None:
    async with asking(stack, system, tenant) as crowd:
        told = {"legacy": await in_mode(stack, crowd)}
        for mode, percent in (("shadow", None), ("canary", 10), ("canary", 50), ("service", None)):
            await turn(stack, tenant, mode, CAPABILITY, percent=percent)
            told[f"{mode} {percent or ''}".strip()] = await in_mode(stack, crowd)
        await banyan(stack, "flags", "hold", CAPABILITY, "--why", "a rehearsal")
        try:
            await until(lambda: is_rolled_back(system), most_s=10)
            told["rolled back"] = await in_mode(stack, crowd)
        finally:
            await banyan(stack, "flags", "release", CAPABILITY, "--now")

    figure(
        "moving",
        answers=crowd.asked.total(),
        errors=len(crowd.errors),
        differing=len(crowd.differing),
        **{f"{mode} {side}": share for mode, one in told.items() for side, share in one.items()},
    )
    assert crowd.errors[:3] == []
    assert crowd.differing[:3] == []
    assert told["legacy"]["service"] == 0
    assert told["shadow"]["service"] > 0
    shares = [told[mode]["legacy"] for mode in ("legacy", "canary 10", "canary 50", "service")]
    assert shares == sorted(shares, reverse=True)
    assert told["service"]["legacy"] < 0.02
    assert told["rolled back"]["service"] < 0.02
