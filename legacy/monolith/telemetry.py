"""One span a request that continues the caller's trace, when a collector is set; else nothing."""

import os
import re
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from legacy.monolith.database import Connection

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

COLLECTOR = "OTEL_EXPORTER_OTLP_ENDPOINT"
IDS = re.compile(r"(?<=/)\d[\d-]*")
TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def provider() -> "TracerProvider | None":
    """Sends spans to the collector of the environment; shut it down to send the last ones."""
    if not os.environ.get(COLLECTOR):
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

    made = TracerProvider(
        sampler=ParentBased(ALWAYS_ON), resource=Resource.create({"service.name": "monolith"})
    )
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


async def hand_on(request: Request, db: Connection) -> None:
    """Lets the triggers write the caller's trace beside what its transaction changes."""
    traceparent = request.headers.get("traceparent", "")
    if request.method == "POST" and TRACEPARENT.fullmatch(traceparent):
        await db.execute("SELECT set_config('monolith.traceparent', $1, true)", traceparent)


class Tracing:
    """A server span round each request, its parent the incoming `traceparent`."""

    def __init__(self, app: ASGIApp, tracer: "Tracer") -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/health":
            await self._app(scope, receive, send)
            return
        with self._span(scope) as span:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, noting)

    def _span(self, scope: Scope) -> "AbstractContextManager[Span]":
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        route = IDS.sub("{id}", scope["path"])
        return self._tracer.start_as_current_span(
            f"{scope['method']} {route}",
            context=TraceContextTextMapPropagator().extract(headers),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": scope["method"], "http.route": route},
            record_exception=False,
            set_status_on_exception=False,
        )
