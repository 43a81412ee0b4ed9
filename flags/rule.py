"""What decides a capability, read once from the list of flags: it tells the reason."""

from dataclasses import dataclass

from flags.document import Document
from flags.names import Capability, Side
from flags.rollout import Rollout, default_rollout, rollout_of

CERTAIN: dict[int | None, Side] = {0: Side.LEGACY, 100: Side.SERVICE}


@dataclass(frozen=True, slots=True)
class Rule:
    """`is_decided`: the list knows the capability; without a `rollout` only Unleash can tell."""

    is_decided: bool
    is_on: bool
    rollout: Rollout | None

    @classmethod
    def of(cls, capability: Capability, document: Document) -> "Rule":
        feature = document.feature(capability.name)
        if feature is None:
            return cls(is_decided=False, is_on=True, rollout=default_rollout(capability))
        return cls(True, feature.enabled, rollout_of(capability, feature))

    @property
    def is_lasting(self) -> bool:
        """Whether it says the same of a viewer for as long as the list is in force."""
        return self.rollout is not None or not self.is_on

    def certain(self, tenant: str) -> Side | None:
        """The side of all of a tenant's viewers; None where each must be asked for at Unleash."""
        return CERTAIN.get(self.percent(tenant))

    def told(self, tenant: str) -> str:
        """The reason for a tenant's viewers, as a sentence's first half."""
        if not self.is_on:
            return "it is switched off"
        if self.rollout is None:
            return "it has rules of its own in Unleash"
        known = "" if self.is_decided else "nobody has decided, so "
        return known + self.rollout.told(tenant)

    @property
    def tenants(self) -> list[str]:
        """Those that have a percentage of their own."""
        return sorted(self.rollout.tenants) if self.rollout and self.is_on else []

    def is_of(self, side: Side) -> bool:
        """Whether it sends everybody there, of whatever tenant."""
        return all(self.certain(tenant) is side for tenant in ("", *self.tenants))

    def percent(self, tenant: str) -> int | None:
        """How many of a tenant's viewers the service answers; None where only Unleash knows."""
        if not self.is_on:
            return 0
        return self.rollout.of(tenant) if self.rollout else None
