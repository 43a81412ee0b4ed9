"""What `banyan flags set` asks for, checked before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flags.document import Document, Feature
from flags.file import FlagFile
from flags.names import CAPABILITIES, Capability, shadow_of
from flags.rollout import Rollout, default_rollout, feature_of, percent_of, rollout_of
from flags.tenants import known_tenants
from services.contracts.status import RouteMode


class BadChange(ValueError):
    """Something named is unknown, or the change does not go with what is there."""


@dataclass(frozen=True, slots=True)
class Change:
    """The service is to answer `percent` of a tenant's learners; of everybody's without one.

    `compared` is of how many of the others its answers are compared; None leaves that as it is.
    """

    capability: Capability
    percent: int
    tenant: str | None = None
    compared: int | None = None

    def applied(self, home: Path) -> None:
        """Raises BadChange, BadFlags or an OSError, and has then changed nothing."""
        FlagFile(home).change(lambda document: list(self.features(home, document)))

    @property
    def flags(self) -> list[Capability]:
        """Its own, and that of what is compared."""
        return [self.capability, shadow_of(self.capability)]

    def features(self, home: Path, document: Document) -> Iterator[Feature]:
        """Raises BadChange."""
        if self.tenant is not None:
            known_tenant(self.tenant, home, document)
        yield self._edited(document, self.capability, self.percent)
        if self.compared is not None:
            yield self._edited(document, shadow_of(self.capability), self.compared)

    def _edited(self, document: Document, flag: Capability, percent: int) -> Feature:
        if self.tenant is None:
            return feature_of(flag, Rollout(percent))
        return feature_of(flag, _present(document, flag).with_tenant(self.tenant, percent))


def change_to(
    capability: Capability, mode: RouteMode, percent: str | None = None, tenant: str | None = None
) -> Change:
    """What `legacy`, `shadow`, `canary` with a percentage or `service` means.

    Raises BadChange or BadPercent.
    """
    match mode:
        case RouteMode.SHADOW:
            compared = 100 if percent is None else percent_of(percent)
            return Change(capability, 0, tenant, compared)
        case RouteMode.CANARY:
            return Change(capability, _canary(percent), tenant)
    if percent is not None:
        raise BadChange("A percentage is of a canary, or of what is compared in the shadow.")
    if mode is RouteMode.SERVICE:
        return Change(capability, 100, tenant)
    return Change(capability, 0, tenant, compared=0)


def _canary(percent: str | None) -> int:
    if percent is None:
        raise BadChange("How many of the learners? Say `canary --percent ...`.")
    return percent_of(percent)


def _present(document: Document, flag: Capability) -> Rollout:
    feature = document.feature(flag.name)
    if feature is None:
        return default_rollout(flag)
    rollout = rollout_of(flag, feature) if feature.enabled else Rollout(0)
    if rollout is None:
        raise BadChange(
            f"{flag.name} has rules of its own in Unleash: set it for everybody "
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
