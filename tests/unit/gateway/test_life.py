"""What runs beside the application ends with it."""

import asyncio
from contextlib import suppress

import pytest
from starlette.applications import Starlette

from gateway.building.life import Life


async def test_what_did_not_heed_its_end_is_told_again() -> None:
    ended: list[str] = []

    async def deaf() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("deaf")

    async def close() -> None:
        ended.append("closed")

    async with asyncio.timeout(5):
        async with Life([deaf], [close]).lifespan(Starlette()):
            await asyncio.sleep(0)

    assert ended == ["deaf", "closed"]


async def test_whoever_fails_ends_all() -> None:
    async def fails() -> None:
        raise RuntimeError("a fault")

    with pytest.raises(ExceptionGroup):
        async with Life([fails], []).lifespan(Starlette()):
            await asyncio.sleep(60)
