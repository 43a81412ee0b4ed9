"""Both sides of progress, each mended by what the other one knows."""

from dataclasses import dataclass

from flags.names import Side
from flags.route import pick
from gateway.freshness.ladder import FreshProgress
from gateway.freshness.writes import Writes
from resolvers.ports import Sources
from services.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class FreshSides:
    legacy: Sources
    service: Sources
    writes: Writes
    clock: Clock

    def of(self, side: Side) -> Sources:
        return pick(side, legacy=self.legacy, service=self.service)

    def progress(self, side: Side) -> FreshProgress:
        far = pick(side, legacy=self.service, service=self.legacy)
        return FreshProgress(self.of(side), far, self.writes, self.clock)
