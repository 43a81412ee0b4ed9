"""Judges what the service would have made of a command against what the monolith made of it.

Both at one position: the service is let come to where the monolith was when it answered, and takes
back what came since the command, the command itself before all. Where it cannot tell what there was
before, nothing is judged.
"""

from datetime import datetime
from typing import Protocol

from flags.compare import Comparison, compare
from gateway.shadow.command import Command, foretold, told
from gateway.shadow.judging import SERVICES, Judged, Reaches, Verdict
from resolvers.ports import AttemptResult
from services.contracts.dry_run import DryRun, Foreseen
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline

REACHED_S = 8.0
"""What the service may be behind: it takes back what came since, so that nothing has to stand
still."""


class Foresees(Protocol):
    async def foresee(self, caller: Caller, told: DryRun) -> Foreseen:
        """Raises an UpstreamError."""


class Foretelling:
    def __init__(
        self, service: Foresees, positions: Reaches, clock: Clock, budget_s: float
    ) -> None:
        self.clock = clock
        self._service = service
        self._positions = positions
        self._budget_s = budget_s

    async def judged(
        self, command: Command, done: AttemptResult, sent_at: datetime, told_at: datetime
    ) -> Judged:
        """Of what the old side has just done; raises an UpstreamError."""
        service = SERVICES[command.capability]
        if not await self._positions.reached(service, self._within(REACHED_S)):
            return Judged(Verdict.LAG, Comparison())
        caller = Caller(command.viewer, self._within(self._budget_s))
        found = await self._service.foresee(caller, command.dry(done, sent_at, told_at))
        return judged(command, done, found)

    def _within(self, seconds: float) -> Deadline:
        return Deadline.within(self.clock, seconds)


def judged(command: Command, done: AttemptResult, found: Foreseen) -> Judged:
    """It differs where it differs from each that may have come of it."""
    old = told(done)
    made = [compare(command.name, old, foretold(one)) for one in found.outcomes]
    if not made:
        return Judged(Verdict.LAG, Comparison())
    nearest = min(made, key=lambda one: (len(one.differences), -one.compared.total()))
    return Judged(Verdict.DIFFERS if nearest.differences else Verdict.SAME, nearest)
