"""Each way in which an event is told reaches every subscriber once, at the cost that it is for."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import click
import pytest

from bench.fanout_class import HANDS
from bench.fanout_crowd import Crowd, Way
from bench.fanout_measured import EACH, ONCE, WAYS

MANY = 5

Gather = Callable[[Way], Coroutine[Any, Any, Crowd]]


@pytest.fixture
async def gather() -> AsyncIterator[Gather]:
    async with AsyncExitStack() as held:

        async def gathered(way: Way) -> Crowd:
            crowd = await Crowd.gathered(way, MANY)
            held.push_async_callback(crowd.close)
            return crowd

        yield gathered


def event_of(frame: bytes) -> Any:
    return json.loads(frame[frame.index(b"{") :])["payload"]["data"]["classroom"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_everybody_is_told_of_the_hands_once(gather: Gather, way: Way) -> None:
    crowd = await gather(way)
    before = [reader.took for reader in crowd.readers]

    await crowd.tell()

    assert [reader.took for reader in crowd.readers] == [took + 1 for took in before]
    event = event_of(crowd.arrivals.last)
    assert event["cursor"] == crowd.busy.cursor
    assert len(event["hands"]) == HANDS


@pytest.mark.parametrize(("way", "groups"), [(ONCE, 1), (EACH, MANY)])
async def test_what_is_told_alike_is_read_once(gather: Gather, way: str, groups: int) -> None:
    crowd = await gather(WAYS[way])
    before = crowd.busy.reads

    await crowd.tell()

    assert crowd.total == groups
    assert crowd.busy.reads - before == groups


@pytest.mark.parametrize(("way", "times"), [(ONCE, 0), ("judged", 1), (EACH, 1)])
async def test_rights_are_judged_where_it_is_said(gather: Gather, way: str, times: int) -> None:
    crowd = await gather(WAYS[way])
    before = crowd.busy.judged

    await crowd.tell()

    assert crowd.busy.judged - before == times * MANY


async def test_a_subscriber_who_was_told_twice_ends_the_bench(gather: Gather) -> None:
    crowd = await gather(WAYS[ONCE])
    crowd.readers[0].took += 1

    with pytest.raises(click.ClickException, match="1 of 5"):
        await crowd.tell()
