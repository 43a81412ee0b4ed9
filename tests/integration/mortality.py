"""Processes of a test's own that end by SIGKILL, as a machine that loses its power ends them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess


@asynccontextmanager
async def until_killed(process: BaseProcess) -> AsyncIterator[None]:
    """It runs inside the block, and must not end there by itself."""
    await asyncio.to_thread(process.start)
    try:
        yield
        assert process.exitcode is None, "it ended by itself"
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
