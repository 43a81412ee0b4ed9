"""Many who follow something, over a real Valkey: what each is told stands with the follower."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis

from gateway.realtime.hub import Hub
from resolvers.ports import Sources
from services.contracts.ids import UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.once import flight
from tests.fakes.listening import Hall, Listener
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import add_tenant, course_id, lesson_id, viewer
from tests.integration.monolith import waiting

UPDATES = f'subscription {{ progressUpdated(courseId: "{course_id("acme")}") {{ completed }} }}'
PATIENCE_S = 30.0


def learner(nth: int) -> Viewer:
    return Viewer(viewer("acme").tenant, UserId(str(1_000 + nth)), viewer("acme").roles)


def topic_of(who: Viewer) -> str:
    return f"progress:acme:1:{who.user}"


class Campus:
    """One process' groups; each learner follows their own progress."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.platform = FakePlatform()
        add_tenant(self.platform, "acme")
        self.hall = Hall(self.sources)
        self.members: list[Listener] = []

    def sources(self) -> Sources:
        return replace(sources_of(self.platform), topics=self.hub)

    async def follow(self, many: int) -> None:
        """Each has been told what is, and Valkey has said that it tells them more."""
        for nth in range(many):
            who = learner(nth)
            self.platform.enrolled[course_id("acme")]["acme", who.user] = Role.LEARNER
            self.members.append(Listener(who))
            await self.hall.enter(self.members[-1], UPDATES)
        await until(lambda: all(one.heard for one in self.members))

    def finish(self) -> None:
        """Everybody completes a lesson: the last that happens."""
        for one in self.members:
            assert one.viewer is not None
            self.platform.done.add((("acme", one.viewer.user), lesson_id("acme")))

    @property
    def informed(self) -> int:
        """Those who have been told how it is in the end."""
        return sum(one.heard[-1].get("data") == AT_LAST for one in self.members)


AT_LAST = {"progressUpdated": {"completed": 1}}


@asynccontextmanager
async def campus(url: str) -> AsyncIterator[Campus]:
    async with Redis.from_url(url) as redis:
        made = Campus(Hub(redis))
        hearing = flight(made.hub.run(), "hub")
        yield made
        hearing.cancel()
        await asyncio.wait([hearing])
        await made.hall.groups.close()


async def until(claim: Callable[[], Any], most_s: float = PATIENCE_S) -> None:
    async def holds() -> bool:
        return bool(claim())

    await waiting.until(holds, most_s)
