"""How far a capability has moved, and whether it is held back."""

from dataclasses import dataclass

from flags.hold import Hold
from flags.names import Capability, Side
from flags.rule import Rule
from services.contracts.status import RouteMode


@dataclass(frozen=True, slots=True)
class Standing:
    """`percent` is what the service answers of everybody whose tenant has no percentage of its own.

    It is None, and the mode CANARY, where only Unleash knows.
    """

    capability: Capability
    mode: RouteMode
    percent: int | None
    rule: str
    hold: Hold | None

    @classmethod
    def of(cls, capability: Capability, rule: Rule, shadow: Rule, hold: Hold | None) -> "Standing":
        mode = RouteMode.ROLLED_BACK if hold else _mode(rule, shadow)
        return cls(capability, mode, rule.percent(""), hold.told() if hold else rule.told(""), hold)


def _mode(rule: Rule, shadow: Rule) -> RouteMode:
    if rule.is_of(Side.SERVICE):
        return RouteMode.SERVICE
    if not rule.is_of(Side.LEGACY):
        return RouteMode.CANARY
    return RouteMode.LEGACY if shadow.is_of(Side.LEGACY) else RouteMode.SHADOW
