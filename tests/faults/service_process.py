"""The assessment service in a process of its own, started as an operator starts it."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.assessment.service import SOURCE
from services.kit.ports import port_of
from tests.integration.monolith.waiting import until
from tests.stack import environ, free_base

STARTS_WITHIN_S = 60.0


@asynccontextmanager
async def assessing(home: Path, database: str, redis: str) -> AsyncIterator[str]:
    """Where its API answers; killed at the block's end."""
    base = free_base()
    at = environ(home, base, DATABASE_URL=database, REDIS_URL=redis, BANYAN_LOG_LEVEL="error")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"services.{SOURCE}", "--only", "api"), env=at, stdout=DEVNULL
    )
    try:
        await until(lambda: _listens(port_of(SOURCE, base)), STARTS_WITHIN_S)
        yield f"http://127.0.0.1:{port_of(SOURCE, base)}"
    finally:
        process.kill()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
