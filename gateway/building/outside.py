"""What the gateway asks of others: the upstreams behind their guards, and what watches them."""

from dataclasses import dataclass

from flags.client import Flags
from gateway.building.life import Close
from gateway.building.moving import Moving, moving_of
from gateway.together.kinds import Kinds
from gateway.upstream.setup import SERVICES, upstreams_of
from gateway.upstream.upstreams import Upstreams
from legacy.client import LegacyClient
from services.kit.asking import ServiceClient
from services.kit.clock import Clock
from services.kit.http import Transport
from services.kit.redis import AnyRedis
from services.kit.settings import Settings, url_of
from services.kit.signing import Signer
from services.kit.transport import HttpTransport


@dataclass(frozen=True, slots=True)
class Outside:
    """Closed in the order of `closes`."""

    moving: Moving
    upstreams: Upstreams
    monolith: LegacyClient
    kinds: Kinds
    closes: list[Close]


def outside_of(settings: Settings, flags: Flags, redis: AnyRedis, clock: Clock) -> Outside:
    to_legacy = HttpTransport(settings.legacy_connections)
    connections = settings.service_connections * len(SERVICES)
    to_services = HttpTransport(connections, signer=Signer.of(settings, "gateway"))
    moving = moving_of(settings, flags, redis, clock, to_services)
    upstreams = upstreams_of(settings, clock, to_legacy, moving.to_services)
    monolith, kinds = monolith_of(settings, upstreams, clock), kinds_of(settings, upstreams, clock)
    closes: list[Close] = [
        moving.strangling.close,
        moving.shadowing.close,
        kinds.close,
        monolith.close,
    ]
    closes += [to_legacy.close, to_services.close]
    return Outside(moving, upstreams, monolith, kinds, closes)


def monolith_of(settings: Settings, transport: Transport, clock: Clock) -> LegacyClient:
    url, budget_s = url_of(settings, "monolith"), settings.upstream_budget_ms / 1000
    return LegacyClient(transport, clock, url, settings.legacy_secret, budget_s)


def kinds_of(settings: Settings, transport: Transport, clock: Clock) -> Kinds:
    budget_s = settings.upstream_budget_ms / 1000
    return Kinds.of(client_of(settings, transport, "progress"), clock, budget_s)


def client_of(settings: Settings, transport: Transport, service: str) -> ServiceClient:
    budget_s = settings.upstream_budget_ms / 1000
    return ServiceClient(transport, service, url_of(settings, service), budget_s)
