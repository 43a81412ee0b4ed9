"""The page and its stream over HTTP: open to all, bounded, and over when the process is."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from starlette.applications import Starlette

from gateway.health import Health
from gateway.status import routes
from gateway.status.look import POLICY
from gateway.status.page import Pages
from gateway.status.routes import StatusPage
from gateway.transport.crowd import Tally
from tests.fakes.status import STATUS, FakeStatus, without_trouble
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until


class Open:
    """The page on a real socket, and a client of it."""

    def __init__(self, client: httpx.AsyncClient, page: StatusPage, status: FakeStatus) -> None:
        self.client = client
        self.page = page
        self.status = status

    async def told(self, lines: AsyncIterator[str]) -> dict[str, str]:
        """The next event."""
        async for line in lines:
            if line.startswith("data: "):
                found: dict[str, str] = json.loads(line.removeprefix("data: "))
                return found
        raise AssertionError("the stream ended")

    async def nobody_looks(self) -> bool:
        return self.page.all.total == self.page.by_address.total == 0


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    status = FakeStatus()
    page = StatusPage(status, Health(), by_address=Tally(2))
    app = Starlette(routes=page.routes())
    async with serving(app) as url, httpx.AsyncClient(base_url=url, timeout=10) as client:
        yield Open(client, page, status)


async def test_a_stranger_is_given_the_page(opened: Open) -> None:
    answer = await opened.client.get("/status")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "public, max-age=1"
    assert "1 capability is rolled back" in answer.text


async def test_its_stream_tells_at_once_and_at_each_change(opened: Open) -> None:
    async with opened.client.stream("GET", "/status/events") as answer:
        lines = answer.aiter_lines()
        first = await opened.told(lines)
        opened.status.write(without_trouble())
        second = await opened.told(lines)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert first["headline"] == "1 capability is rolled back"
    assert second["headline"] == "All capabilities are healthy"
    await until(opened.nobody_looks)


async def test_it_is_told_anew_when_it_was_checked(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "RENEWED_S", 0.05)
    async with asyncio.timeout(5), opened.client.stream("GET", "/status/events") as answer:
        lines = answer.aiter_lines()
        assert [await opened.told(lines) for _ in range(3)] == 3 * [await _event()]


async def _event() -> dict[str, str]:
    found: dict[str, str] = json.loads(Pages().of(STATUS).event.removeprefix(b"data: "))
    return found


async def test_one_address_holds_so_many_streams_and_the_page_stays_open(opened: Open) -> None:
    async with AsyncExitStack() as held:
        for _ in range(2):
            await held.enter_async_context(opened.client.stream("GET", "/status/events"))
        third = await opened.client.get("/status/events")
        page = await opened.client.get("/status")

        assert (third.status_code, third.headers["retry-after"]) == (503, "10")
        assert page.status_code == 200

    await until(opened.nobody_looks)
    async with opened.client.stream("GET", "/status/events") as again:
        assert again.status_code == 200


async def test_one_process_holds_so_many_streams() -> None:
    page = StatusPage(FakeStatus(), Health(), all=Tally(1))

    ended = page._entered("a")

    assert ended is not None
    assert page._entered("b") is None
    ended()
    assert page._entered("b") is not None
    assert page.by_address.total == 1


async def test_a_stream_ends_when_its_process_stops(opened: Open) -> None:
    async with asyncio.timeout(5), opened.client.stream("GET", "/status/events") as answer:
        lines = answer.aiter_lines()
        await opened.told(lines)
        opened.page.health.is_ready = False
        rest = [line async for line in lines if line]

    assert rest[-1] == ": this process stops"
    await until(opened.nobody_looks)
