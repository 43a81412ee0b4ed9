"""What the gateway asks for many viewers at once, and the end of it."""

from dataclasses import dataclass

from gateway.together import courses, progress
from gateway.together.own import Pair
from gateway.together.together import Together
from services.contracts.errors import Refused
from services.contracts.learning import Completed, Enrolment, Progress
from services.kit.asking import ServiceClient
from services.kit.clock import Clock
from services.progress.client.together import ServiceTogether


@dataclass(frozen=True, slots=True)
class Kinds:
    """One a process: it owns the calls that are under way."""

    enrolments: Together[int, list[Enrolment]]
    progress: Together[Pair, Progress | Refused]
    completed: Together[Pair, Completed | Refused]

    @classmethod
    def of(cls, client: ServiceClient, clock: Clock, budget_s: float) -> "Kinds":
        asked = ServiceTogether(client)
        return cls(
            Together(asked.enrolments, clock, budget_s),
            Together(asked.progress, clock, budget_s, progress.is_old),
            Together(asked.completed, clock, budget_s, courses.is_old),
        )

    async def close(self) -> None:
        await self.enrolments.close()
        await self.progress.close()
        await self.completed.close()
