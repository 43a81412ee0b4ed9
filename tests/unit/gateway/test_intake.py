"""A request's head is bounded in size and time, and so is a body that nobody waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.transport import intake
from gateway.transport.connection import HttpConnection
from gateway.transport.intake import MOST_HEAD_BYTES
from tests import raw
from tests.integration.monolith.serving import serving
from tests.raw import Raw

LINE = b"GET / HTTP/1.1\r\nhost: x\r\n"


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def slow(request: Request) -> PlainTextResponse:
    await request.body()
    await asyncio.sleep(0.5)
    return PlainTextResponse("slow")


@asynccontextmanager
async def connected(kind: type[HttpToolsProtocol] = HttpConnection) -> AsyncIterator[Raw]:
    routes = [
        Route("/", hello, methods=["GET", "POST"]),
        Route("/slow", slow, methods=["GET", "POST"]),
    ]
    async with serving(Starlette(routes=routes), http=kind) as url, raw.connected(url) as client:
        yield client


async def status(client: Raw) -> int:
    return (await client.answer()).status


async def test_a_head_within_the_bound_is_taken_again_and_again() -> None:
    head = LINE + b"x: " + b"y" * (MOST_HEAD_BYTES - 100) + b"\r\n\r\n"

    async with connected() as client:
        for _ in range(5):
            await client.say(head)
            assert await status(client) == 200


async def test_a_body_is_no_part_of_the_head() -> None:
    head = b"POST /slow HTTP/1.1\r\nhost: x\r\ncontent-length: 200000\r\n\r\n"

    async with connected() as client:
        for _ in range(2):
            await client.say(head + b"x" * 200_000)
            assert await status(client) == 200


@pytest.mark.parametrize(
    "head",
    [
        LINE + b"x: " + b"y" * 1_000_000,
        LINE + b"x: " + b"y" * MOST_HEAD_BYTES + b"\r\n\r\n",
        LINE + b"y" * 1_000_000,
        LINE + b"x: y\r\n" * 50_000 + b"\r\n",
        b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["value", "whole", "name", "many", "address"],
)
async def test_a_head_over_the_bound_is_refused(head: bytes) -> None:
    async with connected() as client:
        await client.say(head)

        assert await status(client) == 431
        assert await status(client) == 0


async def test_trailers_count_as_the_head() -> None:
    async with connected() as client:
        await client.say(b"POST /slow HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
        await client.say(b"0\r\n" + b"x: y\r\n" * 50_000 + b"\r\n")

        assert await status(client) == 0


@pytest.mark.parametrize("said", [b"", LINE, b"\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(intake, "WITHIN_S", 0.2)

    async with connected() as client:
        await client.say(said)
        assert await status(client) == 0


async def test_nor_is_the_second() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "WITHIN_S", 0.2)
        async with connected() as client:
            await client.say(LINE + b"\r\n")
            assert await status(client) == 200

            await client.say(LINE)
            assert await status(client) == 0


async def test_uvicorns_own_waits_for_it() -> None:
    async with connected(HttpToolsProtocol) as client:
        await client.say(LINE)
        await asyncio.sleep(1)
        await client.say(b"x: " + b"y" * 1_000_000 + b"\r\n\r\n")

        assert await status(client) == 200


async def test_the_rest_of_a_body_is_not_waited_for_when_it_was_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "WITHIN_S", 0.2)

    async with connected() as client:
        await client.say(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n")
        assert await status(client) == 200
        assert await status(client) == 0


async def test_a_rest_that_comes_leaves_the_connection_open() -> None:
    async with connected() as client:
        for _ in range(3):
            await client.say(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n")
            assert await status(client) == 200
            await client.say(b"x" * 10)


async def test_an_answer_may_take_longer_than_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "WITHIN_S", 0.1)

    async with connected() as client:
        await client.say(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        assert await status(client) == 200
