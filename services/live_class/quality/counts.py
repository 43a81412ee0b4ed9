"""What is counted of media for whoever runs the platform: by region, never by person."""

from dataclasses import dataclass

from opentelemetry.metrics import Counter, Histogram

from services.contracts.classroom import Advice, Quality
from services.kit.metrics import counter, histogram

OTHER = "other"
"""Any region that is none of ours: what clients make up must not become a row of its own."""


@dataclass(frozen=True, slots=True)
class MediaCounts:
    rtt: Histogram | None
    loss: Histogram | None
    jitter: Histogram | None
    advice: Counter | None

    @classmethod
    def begun(cls) -> "MediaCounts":
        """Once telemetry has begun; without a collector nothing is counted."""
        return cls(
            histogram("banyan.media.rtt", "ms", "round trips that clients measured"),
            histogram("banyan.media.loss", "%", "packets that clients missed"),
            histogram("banyan.media.jitter", "ms", "jitter that clients measured"),
            counter("banyan.media.advice", "what clients were advised"),
        )

    def add(self, quality: Quality, region: str | None, given: Advice) -> None:
        """`region` None: none of ours."""
        about: dict[str, str | bool] = {"region": region or OTHER, "relayed": quality.relayed}
        measured = (
            (self.rtt, quality.rtt_ms),
            (self.loss, quality.loss_percent),
            (self.jitter, quality.jitter_ms),
        )
        for kept, value in measured:
            if kept is not None:
                kept.record(value, about)
        if self.advice is not None:
            self.advice.add(1, {**about, "advice": given.value})
