"""What a request asks for is noted with what came of it, and nothing of what nobody asks about."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.contracts.errors import UpstreamRefusing, UpstreamTimeout
from services.kit import account
from services.kit.account import HERE, accounting
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call
from services.kit.transport import HttpTransport
from tests.integration.monolith.serving import free_port, serving

CLOCK = SystemClock()


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async def answer(request: Request) -> Response:
        await asyncio.sleep(float(request.query_params.get("after", 0)))
        return PlainTextResponse("here", 404)

    async with serving(Starlette(routes=[Route("/answer", answer)])) as at:
        yield at


@pytest.fixture
async def transport() -> AsyncIterator[HttpTransport]:
    made = HttpTransport(connections=4)
    yield made
    await made.close()


def within(seconds: float = 5.0) -> Deadline:
    return Deadline.within(CLOCK, seconds)


async def test_each_call_says_whom_what_and_what_came_of_it(
    url: str, transport: HttpTransport
) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    with accounting(CLOCK) as noted:
        await transport.send(Call("one", "GET", f"{url}/answer?secret=1"), within())
        with pytest.raises(UpstreamRefusing):
            await transport.send(Call("two", "POST", gone), within())
        with pytest.raises(UpstreamTimeout):
            await transport.send(Call("three", "GET", f"{url}/answer?after=5"), within(0.05))

    said = [(one.upstream, one.method, one.path, one.outcome) for one in noted.calls]
    assert said == [
        ("one", "GET", "/answer", "404"),
        ("two", "POST", "", UpstreamRefusing.__name__),
        ("three", "GET", "/answer", "UpstreamTimeout"),
    ]
    assert noted.calls[2].began_ms > noted.calls[0].began_ms
    assert noted.calls[2].took_ms >= 40


async def test_a_call_that_was_given_up_is_noted(url: str, transport: HttpTransport) -> None:
    with accounting(CLOCK) as noted, pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await transport.send(Call("one", "GET", f"{url}/answer?after=5"), within())

    assert [one.outcome for one in noted.calls] == ["given up"]


async def test_nothing_is_noted_outside(url: str, transport: HttpTransport) -> None:
    with accounting(CLOCK) as noted:
        pass
    await transport.send(Call("one", "GET", f"{url}/answer"), within())

    assert noted.calls == []
    assert HERE.get() is None


async def test_two_requests_at_once_have_an_account_each(
    url: str, transport: HttpTransport
) -> None:
    async def one(name: str) -> list[str]:
        with accounting(CLOCK) as noted:
            await transport.send(Call(name, "GET", f"{url}/answer?after=0.05"), within())
        return [call.upstream for call in noted.calls]

    assert [*await asyncio.gather(one("a"), one("b"))] == [["a"], ["b"]]


async def test_so_many_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "MOST", 2)
    with accounting(CLOCK) as noted:
        for _ in range(5):
            noted.read("outline", "hit")

    assert len(noted.reads) == 2
