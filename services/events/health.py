"""Tells whether a service lives, and whether it is ready: whether its database answers."""

import asyncio

import asyncpg
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.storage.db import Pool

ANSWER_S = 1.0


def health_routes(pool: Pool) -> list[Route]:
    async def live(_: Request) -> PlainTextResponse:
        return PlainTextResponse("live\n")

    async def ready(_: Request) -> PlainTextResponse:
        try:
            async with asyncio.timeout(ANSWER_S):
                await pool.fetchval("SELECT 1")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return PlainTextResponse("the database does not answer\n", 503)
        return PlainTextResponse("ready\n")

    return [Route("/health/live", live), Route("/health/ready", ready)]
