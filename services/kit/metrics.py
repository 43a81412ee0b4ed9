"""Counts that a collector is told of every few seconds; without one nothing is counted."""

from collections.abc import Callable, Mapping
from functools import partial

from opentelemetry.metrics import Counter, Histogram, Meter
from opentelemetry.sdk.resources import Resource

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
LAST_WORDS_MS = 2_000
"""So long an end waits for a collector that is away."""

_meter: Meter | None = None
"""None while nobody collects: then nobody makes a counter either."""


def start_metrics(service: str, environ: Mapping[str, str]) -> Callable[[], None]:
    """Exports counts when a collector is named; answers what must be called at the end."""
    if not environ.get(ENDPOINT):
        return lambda: None
    # These are slow to load, and most processes have no collector.
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    named = Resource.create({"service.name": service})
    provider = MeterProvider([reader], named, shutdown_on_exit=False)
    global _meter
    _meter = provider.get_meter("banyan")
    return partial(provider.shutdown, timeout_millis=LAST_WORDS_MS)


def counter(name: str, says: str) -> Counter | None:
    """None where nobody would be told."""
    return None if _meter is None else _meter.create_counter(name, description=says)


def histogram(name: str, unit: str, says: str) -> Histogram | None:
    """As `counter`, of what is measured and not counted."""
    return None if _meter is None else _meter.create_histogram(name, unit, says)
