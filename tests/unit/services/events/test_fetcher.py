"""Whoever follows a feed and is told to stop stops, in whatever moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.events import fetcher
from services.events.errors import FeedMisbehaved, FeedUnreachable
from services.events.fetcher import Fetcher
from tests.integration.monolith.serving import serving

TOLD = 300
ANSWERS_AFTER_S = 0.001
MOMENTS_S = [nth * 0.00005 for nth in range(100)]


@asynccontextmanager
async def feed(answers_after_s: float = ANSWERS_AFTER_S) -> AsyncIterator[str]:
    async def answer(_: Request) -> Response:
        await asyncio.sleep(answers_after_s)
        return Response(b"[]")

    async with serving(Starlette(routes=[Route("/events", answer)])) as url:
        yield f"{url}/events"


async def follow(own: Fetcher, url: str) -> None:
    while True:
        await own.get(url, [])


async def test_a_follower_stops_whenever_it_is_told() -> None:
    following, stopped = Fetcher(5.0, None), 0
    async with feed() as url:
        for nth in range(TOLD):
            task = asyncio.create_task(follow(following, url))
            await asyncio.sleep(MOMENTS_S[nth % len(MOMENTS_S)])
            task.cancel()
            await asyncio.wait([task], timeout=1)
            stopped += task.cancelled()
        await following.close()

    assert stopped == TOLD


async def test_an_answer_that_takes_too_long_is_told() -> None:
    async with feed(answers_after_s=0.5) as url:
        with pytest.raises(FeedUnreachable, match="UpstreamTimeout"):
            await Fetcher(0.05, None).get(url, [])


async def test_an_answer_that_is_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "MOST_BYTES", 1)
    async with feed() as url:
        with pytest.raises(FeedMisbehaved, match="more than 1 bytes"):
            await Fetcher(5.0, None).get(url, [])
