"""A snapshot is read to its last page, and what is no snapshot is told as such."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.backfill.snapshot import Snapshot
from services.contracts.events import CourseChanged, Event
from services.contracts.snapshot import Kind
from services.events.errors import FeedMisbehaved, FeedUnreachable
from tests.fakes.telling import happened
from tests.integration.monolith.serving import serving


def courses(many: int) -> list[Event]:
    return [
        happened("a", f"course/a/{number:03}", CourseChanged(number, "Cells", "C"))
        for number in range(many)
    ]


@asynccontextmanager
async def source(held: list[Event], asked: list[str]) -> AsyncIterator[str]:
    async def answer(request: Request) -> Response:
        after, limit = request.query_params["after"], int(request.query_params["limit"])
        asked.append(after)
        page = [event for event in held if event.stream > after][:limit]
        return Response(msgspec.json.encode(page))

    async with serving(Starlette(routes=[Route("/snapshot", answer)])) as url:
        yield url


@asynccontextmanager
async def saying(body: bytes, status: int = 200) -> AsyncIterator[str]:
    async def answer(_: Request) -> Response:
        return Response(body, status)

    async with serving(Starlette(routes=[Route("/snapshot", answer)])) as url:
        yield url


async def read(url: str, page: int = 3) -> list[Event]:
    async with Snapshot(url, page) as snapshot:
        return [event async for events in snapshot.pages(Kind.COURSE) for event in events]


@pytest.mark.parametrize(("many", "calls"), [(0, 1), (2, 1), (3, 2), (7, 3), (9, 4)])
async def test_every_page_is_read_once(many: int, calls: int) -> None:
    asked: list[str] = []

    async with source(courses(many), asked) as url:
        found = await read(url)

    assert found == courses(many)
    assert len(asked) == calls == len(set(asked))


@pytest.mark.parametrize(("body", "status"), [(b"[]", 500), (b"<html>", 200), (b"{}", 200)])
async def test_an_answer_that_is_no_page_is_told(body: bytes, status: int) -> None:
    async with saying(body, status) as url:
        with pytest.raises(FeedMisbehaved):
            await read(url)


async def test_nobody_there_is_told() -> None:
    with pytest.raises(FeedUnreachable):
        await read("http://127.0.0.1:9")
