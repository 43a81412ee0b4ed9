"""A role that a token still names, and its owner has lost, opens nothing that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from msgspec import structs

from gateway.cached.reader import Reader
from gateway.cached.sources import cached
from resolvers.ports import Sources
from services.contracts.changes import person_tag
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import CourseId, LearnerId
from services.contracts.learning import Course, Learner, Role
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from tests.fakes.platform import FakePlatform, owner_of
from tests.fakes.sources import FakeCourses, FakePeople, sources_of
from tests.fakes.tenant import OPERATOR, TEACHER, add_tenant, course_id, learner_id, viewer
from tests.faults.warm import Forgetful, Process


def _works(platform: FakePlatform, caller: Caller) -> bool:
    return platform.people[owner_of(caller.viewer)].roles != [Role.LEARNER]


@dataclass
class JudgingCourses(FakeCourses):
    """As both sides do: they know roles, and believe no token."""

    async def many(self, caller: Caller, ids: Sequence[CourseId]) -> Sequence[Course | Refused]:
        found = await super().many(caller, ids)
        return found if _works(self.platform, caller) else [HIDDEN] * len(ids)


@dataclass
class JudgingPeople(FakePeople):
    async def learners(
        self, caller: Caller, ids: Sequence[LearnerId]
    ) -> Sequence[Learner | Refused]:
        found = await super().learners(caller, ids)
        return found if _works(self.platform, caller) else [HIDDEN] * len(ids)


@dataclass
class Side:
    platform: FakePlatform
    process: Process
    sources: Sources
    said: int = 0

    def caller(self, user: str) -> Caller:
        self.process.heard.lives()
        return Caller(viewer("acme", user), Deadline.within(SystemClock(), 5.0))

    def takes_roles_from(self, user: str) -> None:
        """And the log says it."""
        person = self.platform.people["acme", user]
        self.platform.people["acme", user] = structs.replace(person, roles=[Role.LEARNER])
        self.said += 1
        self.process.heard.note(self.said, [person_tag("acme", user)])


@pytest.fixture
def side(tmp_path: Path) -> Side:
    platform = FakePlatform()
    add_tenant(platform, "acme")
    process = Process(tmp_path, {"legacy": platform}, Forgetful(SystemClock()))
    judging = replace(
        sources_of(platform), courses=JudgingCourses(platform), people=JudgingPeople(platform)
    )
    assert process.cache is not None
    reader = Reader(process.cache, "legacy", 5.0, SystemClock())
    return Side(platform, process, cached(judging, reader, judging.editing))


async def test_an_operator_reads_what_is_kept(side: Side) -> None:
    for _ in range(3):
        [found] = await side.sources.courses.many(side.caller(OPERATOR), [course_id("acme")])
        assert isinstance(found, Course)

    assert side.platform.calls["courses.many"] == 1
    assert side.platform.calls["people.me"] == 1


async def test_who_operates_no_more_is_judged_by_the_source(side: Side) -> None:
    await side.sources.courses.many(side.caller(OPERATOR), [course_id("acme")])
    side.takes_roles_from(OPERATOR)

    found = await side.sources.courses.many(side.caller(OPERATOR), [course_id("acme")])

    assert found == [HIDDEN]


async def test_who_teaches_no_more_learns_no_names_that_are_kept(side: Side) -> None:
    [known] = await side.sources.people.learners(side.caller(TEACHER), [learner_id("acme")])
    assert isinstance(known, Learner)
    side.takes_roles_from(TEACHER)

    found = await side.sources.people.learners(side.caller(TEACHER), [learner_id("acme")])

    assert found == [HIDDEN]
