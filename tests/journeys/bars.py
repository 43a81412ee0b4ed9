"""Learners who watch their progress bar: they complete lessons, look, and remember all they saw."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from bench.sending import sent
from services.kit.consistency import HEADER
from tests.learner import WAITS

LOOK = """query ($course: ID!) { course(id: $course) {
  progress { completed asOf { freshness source } } } }"""
COMPLETE = """mutation ($lesson: ID!, $key: ID!) {
  completeLesson(input: { lessonId: $lesson, key: $key }) {
    __typename ... on LessonCompleted { progress { completed asOf { freshness source } } } } }"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that a learner saw: so many lessons, when so many were acknowledged."""

    completed: int
    acknowledged: int
    freshness: str
    source: str


@asynccontextmanager
async def online(learners: Iterable["Learner"]) -> AsyncIterator[None]:
    """Each request goes by a connection of its own, and so to any of the gateways."""
    async with ClientBuilder().timeout(WAITS).pool_max_idle_per_host(0).build() as http:
        for learner in learners:
            learner.http = http
        yield


@dataclass
class Learner:
    """`sends_tokens`: whether what the gateway said they have seen is sent back."""

    gateway: str
    bearer: str
    course: str
    lessons: Sequence[str]
    dice: Random
    sends_tokens: bool = True
    acknowledged: int = 0
    failed: int = 0
    saw: list[Bar] = field(default_factory=list)
    token: str | None = None
    http: Client = field(init=False)

    async def learn(self, thinks_s: float) -> None:
        """Completes every lesson, with a look or two after each."""
        for lesson in self.lessons:
            await self.complete(lesson)
            for _ in range(self.dice.randint(1, 3)):
                await asyncio.sleep(thinks_s * self.dice.random())
                await self.look()

    async def complete(self, lesson: str) -> None:
        """Again with the same key until it is acknowledged."""
        while True:
            data = await self._ask(COMPLETE, lesson=lesson, key=lesson)
            done = (data or {}).get("completeLesson") or {}
            if done.get("__typename") == "LessonCompleted":
                self.acknowledged += 1
                self._sees(done["progress"])
                return
            self.failed += 1
            await asyncio.sleep(0.1)

    async def look(self) -> Bar | None:
        data = await self._ask(LOOK, course=self.course)
        return self._sees(((data or {}).get("course") or {}).get("progress"))

    def _sees(self, bar: dict[str, Any] | None) -> Bar | None:
        """A bar that is not there says so, and is no step back."""
        if bar is None:
            self.failed += 1
            return None
        as_of = bar["asOf"]
        seen = Bar(bar["completed"], self.acknowledged, as_of["freshness"], as_of["source"])
        self.saw.append(seen)
        return seen

    async def _ask(self, query: str, **variables: str) -> dict[str, Any] | None:
        request = self.http.post(f"{self.gateway}/graphql").bearer_auth(self.bearer)
        if self.sends_tokens and self.token:
            request = request.header(HEADER, self.token)
        try:
            body = {"query": query, "variables": variables}
            response = await sent(request.body_json(body).build())
            answer: dict[str, Any] = await response.json()
        except PyreqwestError:
            return None
        self.token = response.headers.get(HEADER, self.token)
        return answer.get("data")


@dataclass(frozen=True, slots=True)
class Verdict:
    bars: int
    steps_back: int
    missing: int
    """Bars that lacked a completion which had been acknowledged before, and did not say so."""
    admitted: int
    """Those that lacked one, and said that they might: DEGRADED."""


def judge(saw: Sequence[Sequence[Bar]]) -> Verdict:
    """From what the learners saw, and nothing else."""
    steps_back = sum(
        now.completed < before.completed for bars in saw for before, now in pairwise(bars)
    )
    every = [bar for bars in saw for bar in bars]
    short = [bar for bar in every if bar.completed < bar.acknowledged]
    admitted = sum(bar.freshness == "DEGRADED" for bar in short)
    return Verdict(len(every), steps_back, len(short) - admitted, admitted)
