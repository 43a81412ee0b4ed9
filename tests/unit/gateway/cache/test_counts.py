"""Reads of the cache are counted by what they came to, and only where somebody is told."""

import time

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from gateway.cache.counts import MOST_NAMES, NAME, OTHER, Layer, Read, Uncounted, counts
from services.kit import metrics
from services.kit.metrics import start_metrics

MANY = 100_000


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> InMemoryMetricReader:
    made = InMemoryMetricReader()
    provider = MeterProvider([made], shutdown_on_exit=False)
    monkeypatch.setattr(metrics, "_meter", provider.get_meter("banyan"))
    return made


def told(reader: InMemoryMetricReader) -> dict[tuple[str, str, str], int]:
    data = reader.get_metrics_data()
    assert data is not None
    [metric] = data.resource_metrics[0].scope_metrics[0].metrics
    assert metric.name == NAME
    found = {}
    for point in metric.data.data_points:
        said = dict(point.attributes or {})
        key = str(said["verdict"]), str(said["layer"]), str(said["graphql.operation.name"])
        found[key] = int(point.value)  # type: ignore[union-attr]
    return found


def test_each_read_is_counted_by_what_it_came_to(reader: InMemoryMetricReader) -> None:
    made = counts()

    for came_to in Read:
        made.read(came_to, Layer.ANSWER, "Dashboard")
    made.read(Read.HIT, Layer.ENTITY, "Dashboard")
    made.read(Read.HIT, Layer.ANSWER, "Dashboard")
    made.read(Read.MISS, Layer.ANSWER, None)

    once = {(came_to.value, "answer", "Dashboard"): 1 for came_to in Read}
    more = {("hit", "entity", "Dashboard"): 1, ("miss", "answer", "(unnamed)"): 1}
    assert told(reader) == {**once, **more, ("hit", "answer", "Dashboard"): 2}


def test_names_that_clients_make_up_are_counted_together(reader: InMemoryMetricReader) -> None:
    made = counts()

    for number in range(5 * MOST_NAMES):
        made.read(Read.MISS, Layer.ANSWER, f"Made{number}")
    made.read(Read.MISS, Layer.ANSWER, "Made0")

    found = told(reader)
    assert len(found) == MOST_NAMES + 1
    assert found["miss", "answer", OTHER] == 4 * MOST_NAMES
    assert found["miss", "answer", "Made0"] == 2


def test_without_a_collector_nothing_is_counted_and_it_costs_nothing() -> None:
    start_metrics("gateway", {})()
    made = counts()
    began_s = time.thread_time()

    for _ in range(MANY):
        made.read(Read.HIT, Layer.ANSWER, "Dashboard")

    each_us = (time.thread_time() - began_s) / MANY * 1e6
    assert isinstance(made, Uncounted)
    assert each_us < 2, f"{each_us} us a read"
