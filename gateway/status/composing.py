"""Puts together how the platform's move stands: for everybody, so without any tenant's rules."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from flags.client import Flags
from flags.names import CAPABILITIES
from flags.standing import Standing
from gateway.status.part import Part
from gateway.status.sources import Compared, StatusSources
from services.contracts.status import CapabilityStatus, Drill, Incident, PlatformStatus
from services.kit.clock import Clock

MOST_INCIDENTS = 10
EVERY_S, OUTBOX_EVERY_S = 1.0, 5.0
OF_ERRORS, OF_MISMATCHES = 4, 6
"""Digits of ratios: what is smaller is no news."""


class Composer:
    """Each part is looked at within its own time; what is sick stays as it was."""

    def __init__(self, flags: Flags, sources: StatusSources, clock: Clock) -> None:
        self._flags = flags
        self._errors = sources.errors
        nothing: Mapping[str, Compared] = {}
        none: Sequence[Incident] = ()
        part, drill = partial(Part, clock=clock, every_s=EVERY_S), sources.drills.last
        latest = partial(sources.incidents.latest, MOST_INCIDENTS)
        self._compared = part("comparisons", partial(_all, sources), nothing)
        self._incidents = part("incidents", latest, none)
        self._drill: Part[Drill | None] = part("drills", drill, None)
        outbox = sources.outbox.oldest_s
        self._outbox: Part[float | None] = Part(
            "outbox", outbox, None, clock, OUTBOX_EVERY_S, lasts=False
        )

    async def compose(self) -> PlatformStatus:
        async with asyncio.TaskGroup() as looks:
            for part in (self._compared, self._incidents, self._drill, self._outbox):
                looks.create_task(part.look(), name="status")
        return self.known()

    def known(self) -> PlatformStatus:
        """Without asking anybody."""
        checked_at = min(self._compared.since, self._incidents.since, self._drill.since)
        return PlatformStatus(
            [self._capability(one) for one in self._flags.standing()],
            list(self._incidents.value),
            checked_at,
            self._outbox.value,
            self._drill.value,
        )

    def _capability(self, standing: Standing) -> CapabilityStatus:
        capability, hold = standing.capability, standing.hold
        compared = self._compared.value.get(capability.name, Compared())
        return CapabilityStatus(
            name=capability.name,
            what=capability.what,
            owner=capability.owner,
            mode=standing.mode,
            service_percent=_percent(standing),
            error_ratio=round(self._errors.ratio(capability.name), OF_ERRORS),
            mismatch_ratio=round(compared.ratio, OF_MISMATCHES),
            compared=compared.compared,
            rolled_back_at=hold.since if hold else None,
            reason=hold.reason if hold else None,
        )


async def _all(sources: StatusSources) -> Mapping[str, Compared]:
    names = list(CAPABILITIES)
    counts = await asyncio.gather(*[sources.comparisons.counts(name) for name in names])
    return dict(zip(names, counts, strict=True))


def _percent(standing: Standing) -> float | None:
    """What the service answers now: of those whom the flag lets in, those that no hold keeps."""
    if standing.percent is None:
        return None
    let_in = standing.hold.percent if standing.hold else 100
    return standing.percent * let_in / 100
