"""How much of whom the service answers, as one value; kept as strategies that Unleash evaluates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from flags.document import Constraint, Feature, Strategy
from flags.names import Capability, Side

TENANT = "tenantId"
FLEXIBLE = "flexibleRollout"
STICKY = "stickiness"


class BadPercent(ValueError):
    """Not a whole number from 0 to 100."""


def percent_of(text: str) -> int:
    """Raises BadPercent."""
    if not (text.isascii() and text.isdecimal() and int(text) <= 100):
        raise BadPercent(f"{text!r} is not a percentage: give a whole number from 0 to 100.")
    return int(text)


@dataclass(frozen=True, slots=True)
class Rollout:
    """Percentages of learners: of everybody, and of tenants that have one of their own."""

    everybody: int
    tenants: Mapping[str, int] = field(default_factory=dict)

    def of(self, tenant: str) -> int:
        return self.tenants.get(tenant, self.everybody)

    def with_tenant(self, tenant: str, percent: int) -> "Rollout":
        return Rollout(self.everybody, {**self.tenants, tenant: percent})

    def told(self, tenant: str) -> str:
        """The rule that decides for a tenant, as a sentence's first half."""
        whose = tenant if tenant in self.tenants else "everybody"
        return f"{whose} is at {self.of(tenant)} %"


def default_rollout(capability: Capability) -> Rollout:
    return Rollout(100 if capability.default is Side.SERVICE else 0)


def feature_of(capability: Capability, rollout: Rollout) -> Feature:
    """Exactly one strategy decides for each tenant, so that a tenant's own 0 % holds it back."""
    return Feature(capability.name, True, list(_strategies(capability, rollout)))


def rollout_of(capability: Capability, feature: Feature) -> Rollout | None:
    """What feature_of() was made from, in any order; None for rules that were made elsewhere."""
    if not feature.enabled or feature.dependencies:
        return None
    strategies = _in_order(map(_sticky_by_user, feature.strategies))
    try:
        read = _read(strategies)
    except (ValueError, LookupError):
        return None
    return read if strategies == _in_order(_strategies(capability, read)) else None


def _in_order(strategies: Iterable[Strategy]) -> list[Strategy]:
    """A server keeps them as they were made; that for the rest is last."""
    return sorted(strategies, key=lambda one: (not _is_own(one), repr(one.constraints)))


def _is_own(strategy: Strategy) -> bool:
    return any(one.operator == "IN" for one in strategy.constraints)


def _sticky_by_user(strategy: Strategy) -> Strategy:
    """What a server calls the default is by the user where there is one, as there always is."""
    if strategy.parameters.get(STICKY) != "default":
        return strategy
    return replace(strategy, parameters={**strategy.parameters, STICKY: "userId"})


def _read(strategies: list[Strategy]) -> Rollout:
    *own, rest = strategies
    tenants = {one.constraints[0].values[0]: _percent(one) for one in own}
    return Rollout(_percent(rest), tenants)


def _percent(strategy: Strategy) -> int:
    return percent_of(strategy.parameters["rollout"])


def _strategies(capability: Capability, rollout: Rollout) -> Iterator[Strategy]:
    for tenant, percent in sorted(rollout.tenants.items()):
        yield _strategy(capability, percent, Constraint(TENANT, "IN", [tenant]))
    if rollout.tenants:
        others = Constraint(TENANT, "NOT_IN", sorted(rollout.tenants))
        yield _strategy(capability, rollout.everybody, others)
    else:
        yield _strategy(capability, rollout.everybody)


def _strategy(capability: Capability, percent: int, *constraints: Constraint) -> Strategy:
    # One group for all strategies of a capability: a learner keeps their place in line whichever
    # of them decides, so that raising a percentage moves nobody back.
    parameters = {"rollout": str(percent), STICKY: "userId", "groupId": capability.name}
    return Strategy(FLEXIBLE, parameters, list(constraints))
