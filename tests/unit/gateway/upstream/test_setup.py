"""Every upstream that the gateway calls has a guard, and what fails is counted where one looks."""

from unittest.mock import patch

import pytest
from opentelemetry.metrics import Counter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from gateway.upstream import counts
from gateway.upstream.breaker import State
from gateway.upstream.setup import dice, upstreams_of
from services.contracts.errors import UpstreamTimeout
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call
from services.kit.settings import Settings
from tests.fakes.tenant import NOW
from tests.unit.gateway.upstream.scripted import Scripted


async def test_each_goes_its_own_way() -> None:
    clock = FakeClock(NOW)
    old, new = Scripted(clock), Scripted(clock)
    upstreams = upstreams_of(Settings(), clock, old, new)

    for name in upstreams.standing:
        await upstreams.send(Call(name, "GET", "http://x/"), Deadline.within(clock, 1.0))

    assert [call.upstream for call in old.calls] == ["legacy"]
    assert [call.upstream for call in new.calls] == [
        "assessment",
        "progress",
        "live_class",
        "feeder",
    ]
    assert set(upstreams.standing.values()) == {State.CLOSED}


async def test_failures_are_counted_by_upstream_and_kind() -> None:
    reader, clock = InMemoryMetricReader(), FakeClock(NOW)
    meter = MeterProvider([reader]).get_meter("banyan")

    def counter(name: str, says: str) -> Counter:
        return meter.create_counter(name, description=says)

    with patch.object(counts, "counter", counter):
        old = Scripted(clock, lambda call: UpstreamTimeout())
        upstreams = upstreams_of(Settings(), clock, old, old)
    with pytest.raises(UpstreamTimeout):
        await upstreams.send(Call("legacy", "GET", "http://x/"), Deadline.within(clock, 1.0))

    read = reader.get_metrics_data()
    assert read is not None
    [metric] = read.resource_metrics[0].scope_metrics[0].metrics
    [point] = metric.data.data_points
    assert metric.name == counts.NAME
    assert dict(point.attributes or {}) == {"upstream": "legacy", "kind": "UpstreamTimeout"}


def test_a_dice_is_never_nought() -> None:
    assert all(0 < dice() <= 1 for _ in range(1_000))
