"""Puts together what rolls back, what is measured for it, and what reads fall back on."""

from dataclasses import dataclass

from flags.budget import Budget
from flags.client import Flags
from flags.health import Health
from flags.names import Capability
from flags.redis_fleet import RedisFleet
from flags.rollback import Pace
from flags.tagging import Tagging
from gateway.strangling.fallback import Reads
from gateway.strangling.metering import Metered, capabilities_of
from gateway.strangling.rollback import Rollback, Terms, tell_nobody
from services.kit.clock import Clock
from services.kit.http import Transport
from services.kit.redis import AnyRedis
from services.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Strangling:
    """One a process."""

    health: Health
    rollback: Rollback
    reads: Reads
    tagging: Tagging | None

    async def close(self) -> None:
        if self.tagging is not None:
            await self.tagging.close()


def strangling_of(settings: Settings, flags: Flags, redis: AnyRedis, clock: Clock) -> Strangling:
    health, pace = Health(), Pace.of(settings.rollback_hold_s, settings.rollback_step_s)
    tagging = Tagging(settings) if settings.unleash_admin_token else None
    terms = Terms(Budget() if settings.rollback else None, pace, tagging or tell_nobody)
    rollback = Rollback(flags, health, RedisFleet(redis), clock, terms)
    may = rollback.uses_monolith if settings.read_fallback else _never
    return Strangling(health, rollback, Reads(health, may), tagging)


def metered(transport: Transport, health: Health, settings: Settings, clock: Clock) -> Metered:
    """A call is slow where it takes half of what it may: far more than any should."""
    slow_s = settings.upstream_budget_ms / 2000
    return Metered(transport, health, clock, capabilities_of(settings), slow_s)


def _never(capability: Capability) -> bool:
    return False
