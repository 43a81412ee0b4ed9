"""Learners who follow things in memory, and what happens to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest
from msgspec.structs import replace as changed

from resolvers.ports import Sources
from services.contracts.ids import UserId
from services.contracts.status import PlatformStatus
from services.contracts.viewer import Viewer
from tests.fakes.listening import Hall, Listener, settled
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.status import STATUS, FakeStatus
from tests.fakes.tenant import LEARNER, add_tenant, course_id, lesson_id, viewer

STATUS_UPDATES = "subscription { platformStatusUpdated { outboxAgeSeconds lastDrill { summary } } }"
UPDATES = """subscription ($course: ID!, $after: ConsistencyToken) {
  progressUpdated(courseId: $course, after: $after) { completed } }"""
TOPIC = f"progress:acme:1:{LEARNER}"
ANNA = viewer("acme")


def learner(user: str) -> Viewer:
    return Viewer(ANNA.tenant, UserId(user), ANNA.roles)


class Status(FakeStatus):
    """Counts how often it is read."""

    reads = 0

    async def now(self) -> PlatformStatus:
        self.reads += 1
        return await super().now()

    def tell(self, nth: int) -> None:
        assert STATUS.last_drill is not None
        drill = changed(STATUS.last_drill, summary=f"drill {nth}")
        self.write(changed(STATUS, last_drill=drill))


@dataclass
class Heard:
    """The log of changes."""

    notes: int = 0
    heeded: int = 0
    is_deaf: bool = False
    at: dict[str, int] = field(default_factory=dict)

    def is_current(self, as_of: int, tags: Iterable[str]) -> bool:
        return all(self.at.get(tag, 0) <= as_of for tag in tags)

    def note(self, tag: str) -> None:
        self.notes += 1
        self.heeded += 1
        self.at[tag] = self.heeded


class Scene:
    def __init__(self, heard: Heard | None = None) -> None:
        self.platform, self.status = FakePlatform(), Status()
        add_tenant(self.platform, "acme")
        self.hall = Hall(self.sources, heard)

    def sources(self) -> Sources:
        return replace(sources_of(self.platform), status=self.status)

    async def watch(self, many: int, *, has_room: bool = True) -> list[Listener]:
        """So many, told alike."""
        members = [Listener(learner(str(at)), has_room=has_room) for at in range(many)]
        for one in members:
            await self.hall.join(one, STATUS_UPDATES)
        await settled()
        return members

    async def learn(self, member: Listener, **variables: object) -> None:
        await self.hall.join(member, UPDATES, course=course_id("acme"), **variables)

    async def complete(self) -> None:
        self.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        self.platform.topics.tell(TOPIC)
        await settled()


@pytest.fixture
def scene() -> Scene:
    return Scene()
