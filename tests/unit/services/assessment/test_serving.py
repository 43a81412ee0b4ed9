"""A process that fails every command is sick; one that fails some of them is not."""

from collections.abc import Iterator
from itertools import cycle

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.assessment.serving import SICK_AFTER, Serving


async def asked(serving: Serving, statuses: Iterator[int], times: int, path: str) -> None:
    async def answer(_: Request) -> PlainTextResponse:
        status = next(statuses)
        if status == 0:
            raise ValueError
        return PlainTextResponse("", status)

    app = serving.around(Starlette(routes=[Route("/{rest:path}", answer, methods=["POST"])]))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        for _ in range(times):
            await client.post(path)


@pytest.mark.parametrize(
    ("statuses", "times", "is_sick"),
    [
        ([500], SICK_AFTER, True),
        ([0], SICK_AFTER, True),
        ([500], SICK_AFTER - 1, False),
        ([500, 500, 200], 60, False),
        ([409], 60, False),
        ([403], 60, False),
    ],
)
async def test_it_is_sick_once_so_many_commands_in_a_row_have_failed(
    statuses: list[int], times: int, is_sick: bool
) -> None:
    serving = Serving()

    await asked(serving, cycle(statuses), times, "/commands/save")

    assert serving.is_sick is is_sick


async def test_one_command_that_is_done_makes_it_well() -> None:
    serving = Serving()
    await asked(serving, cycle([500]), 60, "/commands/save")

    await asked(serving, cycle([200]), 1, "/commands/save")

    assert not serving.is_sick


async def test_what_is_no_command_counts_for_nothing() -> None:
    serving = Serving()

    await asked(serving, cycle([500]), 60, "/attempts")

    assert not serving.is_sick
