"""What is counted of the cache arrives at a real collector."""

import asyncio
import os
import sys
from pathlib import Path

from tests.integration.collector import collecting
from tests.integration.monolith.waiting import until

COUNTING = """
import os
from gateway.cache.counts import Layer, Read, counts
from services.kit.telemetry import start_telemetry

stop = start_telemetry("gateway", os.environ)
made = counts()
for _ in range(3):
    made.read(Read.HIT, Layer.ANSWER, "Dashboard")
stop()
"""


async def test_reads_of_the_cache_arrive_at_the_collector(tmp_path: Path) -> None:
    async with collecting(tmp_path) as received:
        await count(received.endpoint)

        async def arrived() -> bool:
            return ("gateway", "banyan.cache.reads") in received.counts

        await until(arrived)

    [point] = received.counts["gateway", "banyan.cache.reads"]
    said = {one.key: one.value.string_value for one in point.attributes}
    assert point.as_int == 3
    assert said == {
        "verdict": "hit",
        "layer": "answer",
        "graphql.operation.name": "Dashboard",
    }


MEASURING = """
import os
from services.contracts.classroom import Advice, Quality
from services.kit.telemetry import start_telemetry
from services.live_class.quality.counts import MediaCounts

stop = start_telemetry("live_class", os.environ)
made = MediaCounts.begun()
made.add(Quality(80, 2.5, 5, True, "eu-west"), "eu-west", Advice.NONE)
made.add(Quality(900, 20.0, 5, False, "made-up"), None, Advice.AUDIO_ONLY)
stop()
"""


async def test_how_media_do_arrives_at_the_collector_by_region(tmp_path: Path) -> None:
    async with collecting(tmp_path) as received:
        await count(received.endpoint, MEASURING)

        async def arrived() -> bool:
            return ("live_class", "banyan.media.rtt") in received.measured

        await until(arrived)

    told = received.measured["live_class", "banyan.media.rtt"]
    regions = {one.value.string_value for point in told for one in point.attributes[:1]}
    assert sorted(point.sum for point in told) == [80, 900]
    assert regions == {"eu-west", "other"}


async def count(endpoint: str, what: str = COUNTING) -> None:
    """In a process of its own, as a gateway is."""
    environ = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
    counting = await asyncio.create_subprocess_exec(sys.executable, "-c", what, env=environ)
    async with asyncio.timeout(60):
        assert await counting.wait() == 0
