"""One trace from the caller into the monolith."""

import asyncio

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from legacy.monolith.telemetry import COLLECTOR, provider
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.serving import monolith, serving

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector:
    """Takes spans as a collector does."""

    def __init__(self) -> None:
        self.exports: list[ExportTraceServiceRequest] = []

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/traces", self.take, methods=["POST"])])

    async def take(self, request: Request) -> Response:
        if request.headers.get("content-encoding"):
            return Response(status_code=415)
        self.exports.append(ExportTraceServiceRequest.FromString(await request.body()))
        return Response()

    def spans(self) -> list[Span]:
        return [
            span
            for export in self.exports
            for resource in export.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def services(self) -> set[str]:
        return {
            attribute.value.string_value
            for export in self.exports
            for resource in export.resource_spans
            for attribute in resource.resource.attributes
            if attribute.key == "service.name"
        }


async def asked_with(
    traceparent: str, monolith_url: str, school: School, monkeypatch: pytest.MonkeyPatch
) -> Collector:
    """A collector that heard of one request which bore the header."""
    collector = Collector()
    async with serving(collector.app()) as address:
        monkeypatch.setenv(COLLECTOR, address)
        traces = provider()
        async with monolith(monolith_url, traces) as traced:
            browser = await traced.signed_in(school.tenant, LEARNER)
            collector.exports.clear()
            headers = {"traceparent": traceparent}
            await browser.get(f"/courses/{school.course}/outline", headers=headers)
            await browser.aclose()
        assert traces is not None
        await asyncio.to_thread(traces.shutdown)
    return collector


async def test_a_request_continues_the_trace_of_its_caller(
    monolith_url: str, biology: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = await asked_with(f"00-{TRACE}-{PARENT}-01", monolith_url, biology, monkeypatch)

    spans = {span.name: span for span in collector.spans()}
    span = spans["GET /courses/{id}/outline"]
    assert collector.services() == {"monolith"}
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert span.kind == Span.SPAN_KIND_SERVER


async def test_a_caller_who_does_not_sample_is_not_traced(
    monolith_url: str, biology: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    collector = await asked_with(f"00-{TRACE}-{PARENT}-00", monolith_url, biology, monkeypatch)

    assert TRACE not in {span.trace_id.hex() for span in collector.spans()}


def test_without_a_collector_nothing_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(COLLECTOR, raising=False)

    assert provider() is None
