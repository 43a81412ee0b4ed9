"""What whoever asks a service is told, before and instead of an answer."""

import asyncio

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from services.contracts.question import Ids, Question
from services.contracts.viewer_headers import headers_of
from services.kit.answering import Asking, value_route
from services.kit.clock import FakeClock
from services.kit.deadline import HEADER
from tests.fakes.tenant import NOW, viewer

DOUBLED = Question("/doubled", Ids, list[int])
TWO = b'{"ids": [1, 2]}'
HEADERS = headers_of(viewer("a"))


async def doubled(asking: Asking[Ids]) -> list[int]:
    return [2 * one for one in asking.said.ids]


async def asked(route: Route, body: bytes, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=[route]))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as browser:
        return await browser.post(route.path, content=body, headers=headers)


async def test_a_value_is_answered_as_json() -> None:
    answer = await asked(value_route(DOUBLED, doubled, "numbers"), TWO, HEADERS)

    assert (answer.status_code, answer.json()) == (200, [2, 4])


async def test_who_does_not_say_who_they_are_or_what_they_want_is_refused() -> None:
    route = value_route(DOUBLED, doubled, "numbers")

    assert (await asked(route, TWO, {})).status_code == 401
    assert (await asked(route, b"[]", HEADERS)).status_code == 400


@pytest.mark.parametrize("left", ["0", "20"])
async def test_whose_time_is_over_is_told_so(left: str) -> None:
    async def never(asking: Asking[Ids]) -> list[int]:
        await asyncio.Event().wait()
        return []

    answer = await asked(value_route(DOUBLED, never, "numbers"), TWO, {**HEADERS, HEADER: left})

    assert answer.status_code == 504


@pytest.mark.parametrize(
    ("error", "status"),
    [(asyncpg.DataError("too large"), 400), (asyncpg.InterfaceError("away"), 503)],
)
async def test_a_database_that_fails_is_no_fault_of_whoever_asks(
    error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(asking: Asking[Ids]) -> list[int]:
        raise error

    answer = await asked(value_route(DOUBLED, fail, "numbers"), TWO, HEADERS)

    assert answer.status_code == status
    told = [record.message for record in caplog.records if record.name == "numbers"]
    assert told == ["numbers.failed"] * (status == 503)


async def test_a_request_knows_when_it_began_to_be_read() -> None:
    clock = FakeClock(NOW)
    clock.advance(7)
    began: list[float] = []

    async def note(asking: Asking[Ids]) -> list[int]:
        began.append(asking.began_s)
        return []

    await asked(value_route(DOUBLED, note, "numbers", clock), TWO, HEADERS)

    assert began == [7]
