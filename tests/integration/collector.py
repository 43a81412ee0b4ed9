"""A real collector (rotel) before a receiver of ours, which keeps all that it is handed."""

import gzip
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import HistogramDataPoint, NumberDataPoint
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests import pair, tools
from tests.integration.monolith.serving import serving

rotel = tools.needed("rotel")
AGENT = Path(str(rotel.__file__)).with_name("rotel-agent")
"""Arrives without its executable bit."""


@dataclass
class Received:
    """Spans by the service that made them; a service's name is what it calls itself."""

    url: str = ""
    endpoint: str = ""
    """Where applications send them."""
    spans: dict[str, list[Span]] = field(default_factory=dict)
    counts: dict[tuple[str, str], list[NumberDataPoint]] = field(default_factory=dict)
    """By service and name, each as it was told last."""
    measured: dict[tuple[str, str], list[HistogramDataPoint]] = field(default_factory=dict)
    """As counts."""

    async def take(self, request: Request) -> Response:
        body = await request.body()
        if "gzip" in request.headers.get("content-encoding", ""):
            body = gzip.decompress(body)
        if request.url.path.endswith("/metrics"):
            self._count(ExportMetricsServiceRequest.FromString(body))
        else:
            self._trace(ExportTraceServiceRequest.FromString(body))
        return Response(b"", media_type="application/x-protobuf")

    def _count(self, batch: ExportMetricsServiceRequest) -> None:
        for resource in batch.resource_metrics:
            service = _service(resource.resource.attributes)
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    self.counts[service, metric.name] = [*metric.sum.data_points]
                    self.measured[service, metric.name] = [*metric.histogram.data_points]

    def _trace(self, batch: ExportTraceServiceRequest) -> None:
        for resource in batch.resource_spans:
            known = self.spans.setdefault(_service(resource.resource.attributes), [])
            for scope in resource.scope_spans:
                known.extend(scope.spans)

    def of_trace(self, trace_id: str) -> dict[str, list[Span]]:
        """The spans of one trace, by service."""
        found = {
            service: [span for span in spans if span.trace_id.hex() == trace_id]
            for service, spans in self.spans.items()
        }
        return {service: spans for service, spans in found.items() if spans}

    def names(self, trace_id: str) -> set[tuple[str, str]]:
        """Service and name of each span of the trace."""
        return {
            (service, span.name)
            for service, spans in self.of_trace(trace_id).items()
            for span in spans
        }


def _service(attributes: "list[KeyValue]") -> str:
    [name] = [one.value.string_value for one in attributes if one.key == "service.name"]
    return str(name)


@asynccontextmanager
async def collecting(home: Path) -> AsyncIterator[Received]:
    received = Received()
    app = Starlette(routes=[Route("/{path:path}", received.take, methods=["POST"])])
    async with serving(app) as received.url:
        with _collector(home, received.url) as received.endpoint:
            yield received


@contextmanager
def _collector(home: Path, exports_to: str) -> Iterator[str]:
    """Takes OTLP over HTTP and passes it on at once."""
    AGENT.chmod(0o755)
    address = f"127.0.0.1:{pair.free_port()}"
    command = [
        *(AGENT, "start", "--pid-file", home / "rotel.pid", "--batch-timeout", "100ms"),
        *("--otlp-grpc-endpoint", f"127.0.0.1:{pair.free_port()}"),
        *("--otlp-http-endpoint", address, "--exporter", "otlp"),
        *("--otlp-exporter-endpoint", exports_to, "--otlp-exporter-protocol", "http"),
    ]
    with (home / "rotel.log").open("wb") as log:
        process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log)
    try:
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()
