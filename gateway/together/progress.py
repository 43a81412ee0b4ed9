"""Progress of a service, where one's own is asked for with that of many other viewers."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.together.own import Pair, own_in_courses
from gateway.together.together import Together
from resolvers.ports import Each, ProgressSource
from services.contracts.errors import Refused
from services.contracts.freshness import Seen
from services.contracts.ids import CourseId, LearnerId
from services.contracts.learning import Progress
from services.kit.caller import Caller


@dataclass(frozen=True, slots=True)
class ProgressTogether:
    alone: ProgressSource
    joined: Together[Pair, Progress | Refused]

    async def mine(self, caller: Caller, courses: Sequence[CourseId]) -> Each[Progress]:
        return await own_in_courses(self.joined, self.alone.mine, caller, courses)

    async def of_learners(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Each[Progress]:
        return await self.alone.of_learners(caller, pairs)


def is_old(answer: Progress | Refused, seen: Seen) -> bool:
    return isinstance(answer, Progress) and answer.way.missed(answer.known.versions, seen)
