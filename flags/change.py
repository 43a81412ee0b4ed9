"""What `banyan flags set` asks for, checked before anything is written."""

from dataclasses import dataclass
from pathlib import Path

from flags.document import Document, Feature
from flags.file import FlagFile
from flags.names import CAPABILITIES, Capability, Side
from flags.rollout import Rollout, default_rollout, feature_of, percent_of, rollout_of
from flags.tenants import known_tenants


class BadChange(ValueError):
    """Something named is unknown, or the change does not go with what is there."""


@dataclass(frozen=True, slots=True)
class Change:
    """The service is to answer `percent` of a tenant's learners; of everybody's without one."""

    capability: Capability
    percent: int
    tenant: str | None = None

    def applied(self, home: Path) -> None:
        """Raises BadChange, BadFlags or an OSError, and has then changed nothing."""
        FlagFile(home).change(lambda document: self._edit(home, document))

    def _edit(self, home: Path, document: Document) -> Feature:
        return feature_of(self.capability, self._rollout(home, document))

    def _rollout(self, home: Path, document: Document) -> Rollout:
        if self.tenant is None:
            return Rollout(self.percent)
        known_tenant(self.tenant, home, document)
        return self._present(document).with_tenant(self.tenant, self.percent)

    def _present(self, document: Document) -> Rollout:
        feature = document.feature(self.capability.name)
        if feature is None:
            return default_rollout(self.capability)
        rollout = rollout_of(self.capability, feature) if feature.enabled else Rollout(0)
        if rollout is None:
            raise BadChange(
                f"{self.capability.name} has rules of its own in Unleash: set it for everybody "
                "first, which replaces them."
            )
        return rollout


def known_capability(name: str) -> Capability:
    """Raises BadChange, which lists the known ones."""
    if name not in CAPABILITIES:
        raise BadChange(f"There is no capability {name!r}. Known: {', '.join(CAPABILITIES)}.")
    return CAPABILITIES[name]


def known_tenant(tenant: str, home: Path, document: Document) -> None:
    """Raises BadChange, which lists the known ones."""
    known = known_tenants(home, document)
    if tenant not in known:
        listed = ", ".join(known) or "none yet, `make run` makes a sample"
        raise BadChange(f"There is no tenant {tenant!r}. Known: {listed}.")


def percent_on(side: Side, percent: str | None) -> int:
    """What `legacy`, `service` or `service --percent 30` means; raises BadChange or BadPercent."""
    if percent is None:
        return 100 if side is Side.SERVICE else 0
    if side is Side.LEGACY:
        raise BadChange("A percentage is what the service answers: say `service --percent ...`.")
    return percent_of(percent)
