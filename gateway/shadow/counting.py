"""Counts what comes of comparisons, in memory, until it is told to the store."""

from flags.compare import Difference
from flags.names import Capability
from gateway.shadow.asked import Named
from gateway.shadow.compared import COMPARED, DIFFERING, DROPPED, LAG, Counts, Sample, is_, of
from gateway.shadow.judging import Judged, Verdict
from gateway.shadow.redacted import Redacted
from services.kit.clock import Clock

MOST_SAMPLES = 20
"""That are kept of a capability until the next time they are told."""
OF_ONE = 3
"""Of one answer."""


class Counting:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._redacted = Redacted()
        self._counts: dict[Capability, Counts] = {}

    def judged(self, asked: Named, judged: Judged) -> None:
        kept = self._of(asked.capability)
        if judged.verdict is Verdict.LAG:
            kept.numbers[LAG] += 1
            return
        kept.numbers[COMPARED] += 1
        kept.numbers.update({of(path): n for path, n in judged.found.compared.items()})
        if judged.verdict is Verdict.DIFFERS:
            kept.numbers[DIFFERING] += 1
            self._differs(kept, asked, judged.found.differences)

    def dropped(self, capability: Capability) -> None:
        self._of(capability).numbers[DROPPED] += 1

    def take(self) -> dict[Capability, Counts]:
        """All that was not taken yet."""
        taken, self._counts = self._counts, {}
        return taken

    def _differs(self, kept: Counts, asked: Named, differences: list[Difference]) -> None:
        for one in differences:
            kept.numbers[is_(one.path, one.kind)] += 1
        room = min(OF_ONE, MOST_SAMPLES - len(kept.samples))
        kept.samples += [self._sample(asked, one) for one in differences[:room]]

    def _sample(self, asked: Named, one: Difference) -> Sample:
        at = f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ}"
        old, new = self._redacted(one.old), self._redacted(one.new)
        return Sample(at, asked.name, one.path, one.kind.value, old, new)

    def _of(self, capability: Capability) -> Counts:
        return self._counts.setdefault(capability, Counts())
