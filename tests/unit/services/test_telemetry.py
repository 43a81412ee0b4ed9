"""A trace goes on from the client to the upstream; what is not one is replaced."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.contracts.errors import UpstreamTimeout
from services.kit import telemetry
from services.kit.http import Call
from services.kit.telemetry import client_span, received, server_span

GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


def test_the_clients_trace_goes_on_to_the_upstream() -> None:
    call = Call("legacy", "GET", "http://127.0.0.1/me")

    with server_span("GET /graphql", received(GIVEN, 0)), client_span(call) as header:
        assert header == {"traceparent": GIVEN}


def test_outside_of_a_request_nothing_is_sent() -> None:
    with client_span(Call("legacy", "GET", "http://127.0.0.1/me")) as header:
        assert header == {}


@pytest.mark.parametrize(
    "traceparent",
    [
        None,
        "",
        "nonsense",
        GIVEN.upper(),
        GIVEN.replace("0af7651916cd43dd8448eb211c80319c", "0" * 32),
    ],
)
def test_what_is_no_trace_is_replaced_by_a_new_one(traceparent: str | None) -> None:
    trace = received(traceparent, 100)

    assert trace.sampled
    assert trace.traceparent.split("-")[1] not in {"0" * 32, "0af7651916cd43dd8448eb211c80319c"}


def test_the_share_of_new_traces_that_are_sampled_is_the_one_asked_for() -> None:
    sampled = sum(received(None, 10).sampled for _ in range(10_000))

    assert 800 < sampled < 1_200
    assert not any(received(None, 0).sampled for _ in range(1_000))


def test_a_span_tells_the_kind_of_an_error_and_nothing_that_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr("opentelemetry.trace.get_tracer", provider.get_tracer)
    monkeypatch.setattr(telemetry, "_exports", True)
    call = Call("legacy", "POST", "http://bff:hidden@legacy/login")

    with (
        pytest.raises(UpstreamTimeout),
        server_span("POST /graphql", received(None, 100)),
        client_span(call),
    ):
        raise UpstreamTimeout(call.url)

    spans = exporter.get_finished_spans()
    assert [span.status.description for span in spans] == ["UpstreamTimeout"] * 2
    assert "hidden" not in "".join(span.to_json() for span in spans)
