"""C10: whoever asks amid cancels, evictions, failovers and flips is told what is theirs."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from gateway.cache.counts import Read
from gateway.cache.key import Key
from services.contracts.changes import EVERYTHING, course_tag, enrolments_tag
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from tests.fakes.tenant import assessment_id, class_id, course_id
from tests.faults.campus import COURSES, TENANTS, Someone, marked, people
from tests.faults.registry import n
from tests.faults.warm import Forgetful, Process
from tests.figures import Recorder

AT_ONCE = 100
SMALL_BYTES = 60_000
"""Of a process's own entries: about thirty."""
SHARED = [
    """query ($course: ID!) { course(id: $course) { title code outline { title }
    liveClasses { title teacher { name } course { code } }
    assessments { edges { node { title items { prompt } } } } } }""",
    "query ($course: ID!) { course(id: $course) { title } }",
    "query ($quiz: ID!) { assessment(id: $quiz) { title items { prompt } } }",
    "query ($lecture: ID!) { liveClass(id: $lecture) { title course { title code } } }",
]
OWN = [
    "{ viewer { name courses { edges { node { title } } } } }",
    "{ viewer { courses { edges { node { code progress { completed } } } } } }",
]
MIXED = [
    "query ($course: ID!) { viewer { name } course(id: $course) { title } }",
    "query ($course: ID!) { course(id: $course) { title progress { completed total } } }",
]
ASKED = [*SHARED, *SHARED, *OWN, *MIXED]
FOREIGN_IDS = 0.1
"""Of all questions so many name a thing of another tenant."""


@dataclass
class Verdict:
    answers: int = 0
    foreign: int = 0
    telling: int = 0
    """Those that say whose they are."""
    left: int = 0


@dataclass
class Crowd:
    """Two hundred people at two processes; `dice` decides all that happens."""

    home: Path
    dice: Random = field(default_factory=lambda: Random(10))
    side: str = "legacy"
    verdict: Verdict = field(default_factory=Verdict)

    def __post_init__(self) -> None:
        self.far = Forgetful(SystemClock())
        sides = {"legacy": marked(), "service": marked()}
        self.people, self.position = people(), 0
        self.processes = [
            Process(
                self.home,
                sides,
                self.far,
                SMALL_BYTES,
                variant=self._variant,
                turns=lambda: self.side,
            )
            for _ in range(2)
        ]

    def _variant(self, who: Viewer) -> str:
        return self.side

    async def ask(self, times: int) -> Verdict:
        while self.verdict.answers < times:
            self._happens()
            asking = [asyncio.ensure_future(self._one()) for _ in range(AT_ONCE)]
            await asyncio.sleep(0)
            for leaver in self.dice.sample(asking, 3):
                leaver.cancel()
            ended = await asyncio.gather(*asking, return_exceptions=True)
            self.verdict.left += sum(isinstance(one, asyncio.CancelledError) for one in ended)
            if failed := [one for one in ended if isinstance(one, Exception)]:
                raise failed[0]
        return self.verdict

    def _happens(self) -> None:
        """A flip, a failover, an outage, a change of one thing or of all."""
        self.far.is_away = self.dice.random() < 0.05
        if self.dice.random() < 0.1:
            self.side = self.dice.choice(["legacy", "service"])
        if self.dice.random() < 0.05:
            self.far.forget()
        if self.dice.random() < 0.2:
            self.position += 1
            tenant, course = self.dice.choice(TENANTS), self.dice.randint(1, COURSES)
            one = self.dice.choice(self.people).viewer
            tags = [course_tag(tenant, course), enrolments_tag(one.tenant, one.user)]
            for process in self.processes:
                process.heard.note(self.position, [self.dice.choice([*tags, *tags, EVERYTHING])])

    async def _one(self) -> None:
        one = self.dice.choice(self.people)
        body = self._body(one)
        status, told = await self.dice.choice(self.processes).ask(one.viewer, body)
        assert status == 200, told
        self.verdict.answers += 1
        self.verdict.telling += b"<t" in told
        self.verdict.foreign += one.is_foreign(told)

    def _body(self, one: Someone) -> bytes:
        query = self.dice.choice(ASKED)
        is_own = self.dice.random() >= FOREIGN_IDS
        tenant = str(one.viewer.tenant) if is_own else self.dice.choice(TENANTS)
        course = self.dice.randint(1, COURSES)
        ids = {"course": course_id, "quiz": assessment_id, "lecture": class_id}
        given = {name: of(tenant, course) for name, of in ids.items() if f"${name}:" in query}
        return json.dumps({"query": query, "variables": given}).encode()

    def met(self, read: Read) -> int:
        return sum(process.tally.reads[read] for process in self.processes)


async def test_c10_nobody_is_told_what_is_anothers(tmp_path: Path, figure: Recorder) -> None:
    crowd = Crowd(tmp_path)
    verdict = await crowd.ask(n("C10"))

    figure("C10", answers=verdict.answers, foreign_answers=verdict.foreign)
    figure("C10", telling_whose=verdict.telling, left_before=verdict.left)
    figure("C10", hits=crowd.met(Read.HIT), joined=crowd.met(Read.COALESCED))
    assert verdict.foreign == 0
    assert verdict.telling > verdict.answers / 4
    assert crowd.met(Read.HIT) > verdict.answers / 50
    assert crowd.met(Read.COALESCED) > 0


async def test_c10_fails_without_owners_in_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Where a key says what, and not for whom, people of one local id are taken for one."""
    monkeypatch.setattr(Key, "text", property(lambda key: f"{key.kind} {key.name}"))

    verdict = await Crowd(tmp_path).ask(3_000)

    figure("C10", foreign_without_owners=verdict.foreign)
    assert verdict.foreign > 0
