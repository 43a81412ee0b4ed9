"""C15: what somebody warmed is told to nobody who may not see it, however it comes to them."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, product
from pathlib import Path

import pytest

from gateway.cache.answers import Facts
from gateway.cache.counts import Read
from gateway.execution import answering
from gateway.execution.recalling import Recalling
from resolvers.context import Context
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    LEARNER,
    OPERATOR,
    OTHER,
    TEACHER,
    add_tenant,
    assessment_id,
    class_id,
    course_id,
    viewer,
)
from tests.faults.registry import n
from tests.faults.warm import Forgetful, Process, Told, put_off
from tests.figures import Recorder

HALF, ELSEWHERE = "7", "3"
"""Takes the first course alone; teaches another one."""
TIMES = 5
COURSE = "title code outline { title lessons { title kind } }"
WHOLE = f"""{COURSE} liveClasses {{ title startsAt state teacher {{ name }} course {{ title }} }}
  assessments {{ totalCount edges {{ node {{ title weight items {{ prompt points }} }} }} }}"""
IDS = {"own": course_id("acme"), "far": course_id("acme", 2), "quiz": assessment_id("acme", 2)}
IDS |= {"lecture": class_id("acme", 2)}
ASKED = {
    "course": f"query ($far: ID!) {{ course(id: $far) {{ {WHOLE} }} }}",
    "its code": "query ($far: ID!) { course(id: $far) { code } }",
    "assessment": "query ($quiz: ID!) { assessment(id: $quiz) { title items { prompt } } }",
    "live class": "query ($lecture: ID!) { liveClass(id: $lecture) { title course { code } } }",
    "two": f"""query ($own: ID!, $far: ID!) {{ a: course(id: $own) {{ {COURSE} }}
      b: course(id: $far) {{ {COURSE} }} }}""",
    "all": """query ($own: ID!, $far: ID!, $quiz: ID!, $lecture: ID!) {
      own: course(id: $own) { assessments { edges { node { title } } } } far: course(id: $far) {
      title } assessment(id: $quiz) { title } liveClass(id: $lecture) { teacher { name } } }""",
}


def bodies() -> Iterator[bytes]:
    for query in ASKED.values():
        ids = {name: one for name, one in IDS.items() if f"${name}:" in query}
        yield json.dumps({"query": query, "variables": ids}).encode()


def platform() -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme", courses=3)
    add_tenant(made, "other", courses=3)
    made.enrolled[course_id("acme", 1)]["acme", HALF] = Role.LEARNER
    made.enrolled[course_id("acme", 3)]["acme", ELSEWHERE] = Role.TEACHER
    put_off(made)
    return made


WARMERS = [viewer("acme", LEARNER), viewer("acme", TEACHER)]
OTHERS = [
    viewer("acme", OTHER),
    Viewer(TenantId("acme"), UserId(HALF), frozenset({Role.LEARNER})),
    Viewer(TenantId("acme"), UserId(ELSEWHERE), frozenset({Role.TEACHER})),
    viewer("other", LEARNER),
    viewer("other", OPERATOR),
    viewer("acme", OPERATOR),
]
"""An operator may see all of their tenant."""


@dataclass
class Verdict:
    """Answers to strangers by how they came by them; `foreign` are unlike a cold gateway's."""

    asked: int = 0
    foreign: Counter[str] = field(default_factory=Counter)
    met_warm: Counter[str] = field(default_factory=Counter)


class Ways:
    """Two processes with one Redis, and a third that keeps nothing."""

    def __init__(self, home: Path) -> None:
        sides = {"legacy": platform()}
        self.far = Forgetful(SystemClock())
        self.here, self.there = (Process(home, sides, self.far) for _ in range(2))
        self.cold = Process(home, sides)
        self._known: dict[tuple[Viewer, bytes], Told] = {}

    async def round(self, body: bytes, warmer: Viewer, verdict: Verdict) -> None:
        """Everybody asks while it is warmed, then when it is warm, then when the request itself is
        known, then at another process.
        """
        self.far.forget()
        self.here.near.clear()
        self.there.near.clear()
        await self._ask("by joining", self.here, body, warmer, verdict)
        await self._ask("by hit", self.here, body, warmer, verdict)
        await self._ask("by request", self.here, body, warmer, verdict)
        await self._ask("from Redis", self.there, body, warmer, verdict)

    async def _ask(
        self, way: str, at: Process, body: bytes, warmer: Viewer, verdict: Verdict
    ) -> None:
        before = at.tally.reads.copy()
        crowd = [warmer, *(who for who in OTHERS for _ in range(TIMES))]
        told = await asyncio.gather(*(at.ask(who, body) for who in crowd))
        cold = [await self._cold(who, body) for who in crowd]
        assert told[0] == cold[0]
        verdict.asked += sum(one != cold[0] for one in cold)
        verdict.foreign[way] += sum(a != b for a, b in zip(told, cold, strict=True))
        met = at.tally.reads - before
        verdict.met_warm[way] += met[Read.COALESCED] + met[Read.HIT]

    async def _cold(self, who: Viewer, body: bytes) -> Told:
        if (who, body) not in self._known:
            self._known[who, body] = await self.cold.ask(who, body)
        return self._known[who, body]


async def ask_around(home: Path, asks: int) -> Verdict:
    ways, verdict = Ways(home), Verdict()
    for body, warmer in cycle(product(bodies(), WARMERS)):
        if verdict.asked >= asks:
            return verdict
        await ways.round(body, warmer, verdict)
    raise AssertionError


async def test_c15_a_warm_answer_is_told_to_nobody_who_may_not_see_it(
    tmp_path: Path, figure: Recorder
) -> None:
    verdict = await ask_around(tmp_path, n("C15"))

    figure("C15", asked_by_strangers=verdict.asked, foreign_answers=verdict.foreign.total())
    figure(
        "C15", **{f"met_warm_{way.replace(' ', '_')}": at for way, at in verdict.met_warm.items()}
    )
    assert +verdict.foreign == {}
    assert all(met > verdict.asked / 10 for met in verdict.met_warm.values())


async def test_c15_fails_without_the_guards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """A gateway that takes it that whoever asks may see what was told to others."""

    async def always(facts: Facts, ctx: Context) -> bool:
        return True

    monkeypatch.setattr(answering, "judge_again", always)

    verdict = await ask_around(tmp_path, 500)

    figure("C15", foreign_without_the_guards=verdict.foreign.total())
    assert all(verdict.foreign[way] for way in ("by joining", "by hit", "from Redis"))


async def test_c15_fails_without_judging_known_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """A gateway that takes a request that it knows for one that may be answered."""

    def always(recalling: Recalling, facts: Facts, viewer: Viewer) -> bool:
        return True

    monkeypatch.setattr(Recalling, "_may", always)

    verdict = await ask_around(tmp_path, 500)

    figure("C15", foreign_without_judging_known_requests=verdict.foreign.total())
    assert verdict.foreign["by request"]
