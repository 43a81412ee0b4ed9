"""The gateway's upstreams, as the settings have them."""

import secrets

from gateway.upstream.counts import counting
from gateway.upstream.terms import Terms
from gateway.upstream.upstreams import Upstreams
from services.kit.clock import Clock
from services.kit.http import Transport
from services.kit.settings import Settings

SERVICES = ("assessment", "progress", "live_class", "feeder")
WAITING_A_PLACE = 32
"""A page may ask the old platform for hundreds of things at once."""
FAIR = 0.5
"""So large a part of its budget is time enough for a call."""
SIDES_OF_DICE = 1_000_000


def upstreams_of(
    settings: Settings, clock: Clock, to_legacy: Transport, to_services: Transport
) -> Upstreams:
    """The monolith stands alone, of services there may be several: only those are hedged."""
    upstreams, fair_s = Upstreams(clock, dice, counting()), FAIR * settings.upstream_budget_ms / 1e3
    old, new = settings.legacy_connections, settings.service_connections
    upstreams.add(["legacy"], to_legacy, Terms(old, old * WAITING_A_PLACE, fair_s))
    upstreams.add(SERVICES, to_services, Terms(new, new * WAITING_A_PLACE, fair_s, hedges=True))
    return upstreams


def dice() -> float:
    """Even in (0, 1]."""
    return (secrets.randbelow(SIDES_OF_DICE) + 1) / SIDES_OF_DICE
