"""Learners' names, out of what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.cache.ages import Terms
from gateway.cache.shelf import Shelf
from gateway.cached.reader import About, Reader
from resolvers.ports import Each, People
from services.contracts.changes import person_tag
from services.contracts.errors import Refused
from services.contracts.ids import LearnerId, decode
from services.contracts.learning import Learner, Person, Role
from services.kit.caller import Caller

STAFF = frozenset(Role) - {Role.LEARNER}
LEARNER = Shelf[Learner]("learner", Learner, Terms(fresh_s=60, stale_s=30, error_s=600))


@dataclass(frozen=True, slots=True)
class CachedPeople:
    source: People
    reader: Reader

    async def me(self, caller: Caller) -> Person | Refused:
        return await self.source.me(caller)

    async def learners(self, caller: Caller, ids: Sequence[LearnerId]) -> Each[Learner]:
        ask = self.source.learners
        return await self.reader.of_tenant(caller, LEARNER, ids, ask, _about, by=STAFF)


def _about(learner: LearnerId, _: Learner) -> About:
    named = decode(learner)
    return About([person_tag(named.tenant, named.local)])
