"""Puts together what compares the two sides: it is there at once, and asks only whom flags name."""

from dataclasses import dataclass
from typing import NamedTuple

from flags.client import Flags
from flags.names import ASSESSMENT_ATTEMPTS
from gateway.shadow.compared import Mismatches, Nobody
from gateway.shadow.counting import Counting
from gateway.shadow.foretelling import Foretelling
from gateway.shadow.intercept import shadowed
from gateway.shadow.intercept_attempting import ForetoldAttempting
from gateway.shadow.intercept_attempts import ShadowedAttempts
from gateway.shadow.judging import SERVICES, Asking, AtOnePosition
from gateway.shadow.positions import Positions
from gateway.shadow.shadow import Shadow
from gateway.shadow.store import ShadowStore
from gateway.shadow.telling import Telling
from resolvers.ports import Attempting, Attempts, Sources
from services.assessment.client.foreseeing import Foreseeing
from services.kit.asking import ServiceClient
from services.kit.clock import Clock
from services.kit.http import Transport
from services.kit.redis import AnyRedis
from services.kit.settings import Settings, url_of

NOBODY = Nobody()
FORESEES = SERVICES[ASSESSMENT_ATTEMPTS]


class Beside(NamedTuple):
    """The old side's sources, its lists of attempts, and what is done to attempts there."""

    sources: Sources
    lists: Attempts
    commands: Attempting


@dataclass(frozen=True, slots=True)
class Shadowing:
    """`store` is where the numbers of all processes are."""

    settings: Settings
    transport: Transport
    flags: Flags
    clock: Clock
    counting: Counting
    telling: Telling
    store: ShadowStore
    shadows: list[Shadow]

    @classmethod
    def of(
        cls,
        settings: Settings,
        transport: Transport,
        redis: AnyRedis,
        flags: Flags,
        clock: Clock,
        mismatches: Mismatches = NOBODY,
    ) -> "Shadowing":
        counting, store = Counting(clock), ShadowStore(redis)
        telling = Telling(counting, store, mismatches)
        return cls(settings, transport, flags, clock, counting, telling, store, [])

    def beside(self, legacy: Sources, service: Sources) -> Beside:
        """The old side's, as it is compared from now on."""
        budget_s = self.settings.upstream_budget_ms / 1000
        asking = Asking(legacy, service, self.clock, budget_s)
        services = {name: url_of(self.settings, name) for name in set(SERVICES.values())}
        positions = Positions(self.transport, url_of(self.settings, "feeder"), services)
        shadow = Shadow(legacy, self.flags, AtOnePosition(asking, positions), self.counting)
        self.shadows.append(shadow)
        client = ServiceClient(self.transport, FORESEES, services[FORESEES], budget_s)
        foretelling = Foretelling(Foreseeing(client), positions, self.clock, budget_s)
        return Beside(
            shadowed(legacy, shadow),
            ShadowedAttempts(legacy.attempts, shadow),
            ForetoldAttempting(legacy.attempting, shadow, foretelling),
        )

    async def run(self) -> None:
        await self.telling.run()

    async def close(self) -> None:
        for shadow in self.shadows:
            await shadow.close()
        await self.telling.close()
