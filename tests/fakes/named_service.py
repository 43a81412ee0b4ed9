"""A new side that knows its name, and which of the learners have begun there."""

from dataclasses import dataclass, field

from services.contracts.assessment_api import Pinned
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId
from services.kit.caller import Caller
from tests.fakes.named_side import NamedSide


@dataclass
class NamedService(NamedSide):
    """`mirrored` is how many attempts of the monolith it knows of, `begun` whether one is its own.

    `away` is what it says when it cannot be asked; `waited_s` how long each caller would have.
    """

    name: str = "service"
    mirrored: int = 0
    begun: bool = False
    away: Refused | None = None
    decimal: list[bool] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)

    async def side(
        self, caller: Caller, assessment: AssessmentId, wants_service: bool, seen: int | None
    ) -> Pinned | Refused:
        self.asked.append(f"side seen={seen}")
        self.waited_s.append(caller.deadline.left_s())
        if self.away:
            return self.away
        is_complete = self.mirrored == (seen or 0) if seen is not None else not self.mirrored
        return Pinned(self.begun or (wants_service and seen is not None and is_complete))

    async def start(
        self, caller: Caller, assessment: AssessmentId, key: str, decimal: bool = True
    ) -> Refused:
        self.decimal.append(decimal)
        return self.answer("start")
