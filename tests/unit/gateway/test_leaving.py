"""Work for a client ends with its connection; how long one waits is read at the edge."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from gateway.transport.connection import HttpConnection
from gateway.transport.leaving import NAME, WAITS_MS, Leaving, Left, ends_s, leaving_of
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until

WAITS_S = 30.0


async def work(leaving: Leaving, seconds: float = WAITS_S) -> str:
    with leaving:
        await asyncio.sleep(seconds)
    return "done"


async def test_work_ends_when_its_client_leaves() -> None:
    leaving = Leaving()
    working = asyncio.ensure_future(work(leaving))
    await asyncio.sleep(0)

    leaving.go()

    with pytest.raises(Left):
        await working


async def test_work_for_one_who_has_left_does_not_begin() -> None:
    leaving = Leaving()
    leaving.go()

    with pytest.raises(Left):
        await work(leaving)


async def test_who_leaves_after_the_work_takes_nothing() -> None:
    leaving = Leaving()
    with leaving:
        pass

    leaving.go()
    await asyncio.sleep(0)


async def test_what_others_cancel_stays_cancelled() -> None:
    leaving = Leaving()
    working = asyncio.ensure_future(work(leaving))
    await asyncio.sleep(0)

    working.cancel()
    leaving.go()
    await asyncio.wait([working])

    assert working.cancelled()


async def test_an_error_of_the_work_is_told_as_it_is() -> None:
    with pytest.raises(KeyError), Leaving():
        raise KeyError("x")


class App:
    """Answers with what it was told at the edge; `/slow` works until its client leaves."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said: Any = {
            "ms": scope.get(WAITS_MS),
            "shown": NAME in dict(scope["headers"]),
        }
        if scope["path"] == "/slow":
            try:
                await work(leaving_of(Request(scope).scope))
            except Left:
                self.ended.append("left")
            return
        await JSONResponse(said)(scope, receive, send)


@pytest.mark.parametrize(
    ("said", "ms"),
    [(["200"], 200), (["300", "200"], 200), (["-1"], None), (["9000000000"], None), ([], None)],
)
async def test_how_long_a_client_waits_is_read_at_the_edge_and_dropped(
    said: list[str], ms: int | None
) -> None:
    headers = [("Deadline-Ms-Left", one) for one in said]
    async with serving(App(), http=HttpConnection) as url, httpx.AsyncClient() as client:
        answer = await client.get(url, headers=headers)

    assert answer.json() == {"ms": ms, "shown": False}


async def test_a_connection_that_breaks_ends_the_work() -> None:
    app = App()

    async def is_told() -> bool:
        return app.ended == ["left"]

    async with serving(app, http=HttpConnection) as url, httpx.AsyncClient() as client:
        asking = asyncio.ensure_future(client.get(f"{url}/slow"))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.wait([asking])
        await until(is_told)


def test_it_ends_so_long_after_it_began() -> None:
    assert ends_s({WAITS_MS: 200}, 5.0) == 5.2
    assert ends_s({}, 5.0) is None
