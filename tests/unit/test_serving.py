"""A server of a test leaves nothing in the loop, however the test ends."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from tests.integration.monolith.serving import serving


class Fails(Exception):
    """What a failing test raises."""


def watched() -> set[int]:
    """The files whose readers the loop wakes."""
    loop: Any = asyncio.get_running_loop()
    return set(loop._selector.get_map())


async def fail_while_serving() -> None:
    async with serving(Starlette()) as url, httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 404
        raise Fails


async def test_a_failing_test_leaves_no_file_in_the_selector() -> None:
    before = watched()

    with pytest.raises(Fails):
        await fail_while_serving()

    assert watched() == before
