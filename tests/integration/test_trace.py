"""One trace, from the client through the gateway into the monolith, arrives at a real collector."""

import gzip
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from legacy.monolith.settings import with_database
from tests import pair, tools
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.learner import token
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
CLIENT_SPAN = "b7ad6b7169203331"
rotel = tools.needed("rotel")
AGENT = Path(str(rotel.__file__)).with_name("rotel-agent")
"""Arrives without its executable bit."""


@dataclass
class Received:
    """Spans by the service that made them."""

    url: str = ""
    spans: dict[str, list[Span]] = field(default_factory=dict)

    async def is_whole(self) -> bool:
        """The monolith's part has come, and the door's span, which ends last."""
        ours = {span.name for span in self.spans.get("gateway", [])}
        return "monolith" in self.spans and "POST /graphql" in ours

    async def take(self, request: Request) -> Response:
        body = await request.body()
        plain = (
            gzip.decompress(body) if "gzip" in request.headers.get("content-encoding", "") else body
        )
        batch = ExportTraceServiceRequest.FromString(plain)
        for resource in batch.resource_spans:
            [name] = [
                a.value.string_value
                for a in resource.resource.attributes
                if a.key == "service.name"
            ]
            for scope in resource.scope_spans:
                self.spans.setdefault(name, []).extend(scope.spans)
        return Response(b"", media_type="application/x-protobuf")


@contextmanager
def collector(home: Path, exports_to: str) -> Iterator[str]:
    """rotel: takes OTLP over HTTP and passes it on at once."""
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


@pytest.fixture
async def received() -> AsyncIterator[Received]:
    made = Received()
    app = Starlette(routes=[Route("/{path:path}", made.take, methods=["POST"])])
    async with serving(app) as made.url:
        yield made


async def test_one_trace_leads_from_the_client_into_the_monolith(
    stack: Stack,
    school: School,
    received: Received,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = with_database(stack.database, MONOLITH_DATABASE)
    with collector(tmp_path, received.url) as endpoint:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        with (
            pair.monolith(tmp_path, url) as monolith,
            pair.gateway(tmp_path, monolith.url, trace_percent="0") as gateway,
        ):
            await ask(gateway.url, token(tmp_path, school.tenant, LEARNER))
            await until(received.is_whole, most_s=20)

    spans = received.spans["gateway"] + received.spans["monolith"]
    by_id = {span.span_id.hex(): span for span in spans}
    [door] = [span for span in spans if span.name == "POST /graphql"]
    assert {span.trace_id.hex() for span in spans} == {TRACE_ID}
    assert door.parent_span_id.hex() == CLIENT_SPAN
    for span in received.spans["monolith"]:
        call = by_id[span.parent_span_id.hex()]
        assert call.name.startswith("legacy ")
        assert call.parent_span_id == door.span_id


async def ask(gateway: str, bearer: str) -> None:
    headers = {
        "authorization": f"Bearer {bearer}",
        "traceparent": f"00-{TRACE_ID}-{CLIENT_SPAN}-01",
    }
    async with httpx.AsyncClient(timeout=30) as client:
        query = {"query": "{ viewer { name } }"}
        answer = await client.post(f"{gateway}/graphql", json=query, headers=headers)
    assert "errors" not in answer.json()
