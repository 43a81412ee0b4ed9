"""Traces (W3C): decided before any span is made, carried from the client on to every upstream."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from secrets import randbits
from urllib.parse import urlsplit

import msgspec
from opentelemetry import trace as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
)

from services.kit.http import Call
from services.kit.metrics import ENDPOINT, start_metrics

_HEADER = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


class Trace(msgspec.Struct, frozen=True):
    """Where we are in a trace; ids in hex."""

    trace_id: str
    span_id: str
    sampled: bool

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


_exports = False
"""Whether spans go anywhere: else none is made, and traces only pass through."""

_here: ContextVar[Trace | None] = ContextVar("trace", default=None)


def start_telemetry(service: str, environ: Mapping[str, str]) -> Callable[[], None]:
    """Exports spans and counts when a collector is named; answers what ends that."""
    if not environ.get(ENDPOINT):
        return lambda: None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    otel.set_tracer_provider(provider)
    global _exports
    _exports = True
    return _both(provider.shutdown, start_metrics(service, environ))


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def stop() -> None:
        first()
        second()

    return stop


def received(traceparent: str | None, percent: float) -> Trace:
    """The client's trace, or a new one of which `percent` are sampled."""
    given = _HEADER.fullmatch(traceparent) if traceparent else None
    if given and int(given[1], 16) and int(given[2], 16):
        return Trace(given[1], given[2], bool(int(given[3], 16) & 1))
    # Names and no secrets: their like is drawn by OpenTelemetry.
    drawn = randbits(192)
    made = f"{drawn:048x}"
    return Trace(made[:32], made[32:], drawn % 10_000 < percent * 100)


def draws(percent: float) -> bool:
    """Whether a request of no trace is one of those that are told."""
    return _exports and randbits(32) % 10_000 < percent * 100


def server_span(name: str, parent: Trace) -> AbstractContextManager[None]:
    """The work on one request; without a sampled trace nothing but the ids is kept."""
    return _told(name, parent) if _exports and parent.sampled else _Passing(parent)


class _Passing:
    """A trace that goes on to the upstreams, and of which nothing is told."""

    __slots__ = ("_token", "_trace")

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __enter__(self) -> None:
        self._token = _here.set(self._trace)

    def __exit__(self, *_: object) -> None:
        _here.reset(self._token)


@contextmanager
def _told(name: str, parent: Trace) -> Iterator[None]:
    with _span(name, SpanKind.SERVER, parent):
        yield


def moment(name: str, traceparent: str | None) -> None:
    """A thing that happened in somebody's trace, told afterwards: a span without a length."""
    if traceparent is None or not _exports:
        return
    trace = received(traceparent, percent=0)
    if trace.sampled:
        with _span(name, SpanKind.INTERNAL, trace):
            pass


def note(name: str, value: str | Callable[[], str]) -> None:
    """Says something of the work that is traced here; without a sampled trace nothing."""
    here = _here.get()
    if _exports and here is not None and here.sampled:
        said = value if isinstance(value, str) else value()
        otel.get_current_span().set_attribute(name, said)


@contextmanager
def client_span(call: Call) -> Iterator[dict[str, str]]:
    """One call to an upstream; yields the header that continues the trace there."""
    here = _here.get()
    if here is None or not (_exports and here.sampled):
        yield {"traceparent": here.traceparent} if here else {}
        return
    with _span(f"{call.upstream} {call.method}", SpanKind.CLIENT, here) as (span, inner):
        span.set_attribute("http.request.method", call.method)
        span.set_attribute("url.path", urlsplit(call.url).path)
        yield {"traceparent": inner.traceparent}


@contextmanager
def _span(name: str, kind: SpanKind, parent: Trace) -> Iterator[tuple[Span, Trace]]:
    context = otel.set_span_in_context(NonRecordingSpan(_span_context(parent)))
    tracer = otel.get_tracer("banyan")
    # What an error says may be somebody's text: the log has of it what may be written down.
    with tracer.start_as_current_span(
        name, context=context, kind=kind, record_exception=False, set_status_on_exception=False
    ) as span:
        made = span.get_span_context()
        inner = Trace(parent.trace_id, f"{made.span_id:016x}", parent.sampled)
        token = _here.set(inner)
        try:
            yield span, inner
        except Exception as error:
            span.set_status(StatusCode.ERROR, type(error).__name__)
            span.set_attribute("error.type", type(error).__qualname__)
            raise
        finally:
            _here.reset(token)


def _span_context(trace: Trace) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if trace.sampled else TraceFlags.DEFAULT)
    return SpanContext(
        int(trace.trace_id, 16), int(trace.span_id, 16), is_remote=True, trace_flags=flags
    )
