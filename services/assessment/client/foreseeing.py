"""Asks the assessment service what it would have made of a command that it was not given."""

from dataclasses import dataclass

from services.contracts.assessment_api import DRY_RUN
from services.contracts.dry_run import DryRun, Foreseen
from services.kit.asking import ServiceClient
from services.kit.caller import Caller


@dataclass(frozen=True, slots=True)
class Foreseeing:
    client: ServiceClient

    async def foresee(self, caller: Caller, told: DryRun) -> Foreseen:
        """Raises an UpstreamError."""
        return await self.client.ask(caller, DRY_RUN, told)
