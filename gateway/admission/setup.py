"""Admission as the settings say."""

from gateway.admission.admission import Admission
from gateway.admission.concurrency import Limit
from gateway.admission.rate_limit import Rates
from gateway.admission.shares import Shares
from gateway.admission.tokens import RedisTokens
from services.kit.clock import Clock
from services.kit.redis import AnyRedis
from services.kit.settings import BadSetting, Settings


def admission_of(settings: Settings, clock: Clock, rates: Rates | None) -> Admission:
    """Raises BadSetting."""
    limit = Limit(settings.concurrency) if settings.concurrency else None
    shares = Shares(weights_of(settings.tenant_weights))
    return Admission(clock, limit, rates, shares, settings.request_budget_ms / 1000)


def rates_of(settings: Settings, clock: Clock, redis: AnyRedis) -> Rates:
    return Rates(clock, settings.viewer_rate, settings.tenant_rate, RedisTokens(redis))


def weights_of(setting: str) -> dict[str, float]:
    weights = {}
    for given in filter(None, map(str.strip, setting.split(","))):
        tenant, _, weight = given.partition("=")
        try:
            weights[tenant.strip()] = float(weight)
        except ValueError as wrong:
            raise _unfit(given) from wrong
        if not weights[tenant.strip()] > 0:
            raise _unfit(given)
    return weights


def _unfit(given: str) -> BadSetting:
    return BadSetting(f"BANYAN_TENANT_WEIGHTS has tenants as acme=4, not {given}.")
