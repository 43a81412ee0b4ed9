"""A learner who completes lessons one after another, and looks everywhere for each."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import asyncpg

from bench.lesson_hall import COURSE, WATCHED, LessonHall
from bench.listener import Listener
from bench.way_in import Door
from legacy.monolith.database import Connection

Database: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

LOOK_EVERY_S, PAUSE_S, WITHIN_S = 0.002, 0.05, 30.0
PLACES = APPLIED, TOLD, ANSWERED = "projected", "at a socket", "in an answer"

QUERY = "query ($id: ID!) { course(id: $id) { progress { completed } } }"
VERSION = "SELECT version FROM applied WHERE stream = $1"


@dataclass(slots=True)
class Watched:
    """Their bearer, and the databases of both sides."""

    hall: LessonHall
    monolith: Connection
    progress: Database
    door: Door
    bearer: str
    listener: Listener
    lessons: Iterator[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.lessons = iter(enumerate(self.hall.lessons, 1))

    async def until(self, ends: float, took: dict[str, list[float]]) -> None:
        looks = {APPLIED: self._applied, TOLD: self.listener.hears, ANSWERED: self._answered}
        while time.monotonic() < ends and (lesson := next(self.lessons, None)):
            nth, number = lesson
            await self.hall.complete(self.monolith, [(number, WATCHED)])
            committed = time.monotonic()
            async with asyncio.timeout(WITHIN_S):
                seen = await asyncio.gather(*(look(nth) for look in looks.values()))
            for where, when in zip(looks, seen, strict=True):
                took[where].append(when - committed)
            await asyncio.sleep(PAUSE_S)

    async def _applied(self, nth: int) -> float:
        stream = f"legacy:completions/{self.hall.tenant}/{COURSE}/{WATCHED}"
        while True:
            if (await self.progress.fetchval(VERSION, stream) or 0) >= nth:
                return time.monotonic()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _answered(self, nth: int) -> float:
        while True:
            if await self._completed() >= nth:
                return time.monotonic()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _completed(self) -> int:
        answer = await self.door.do(self.bearer, QUERY, {"id": self.hall.course})
        return int(answer.said["progress"]["completed"])
