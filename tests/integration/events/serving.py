"""A feed over HTTP, at a port of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from services.events.feed import Feed
from services.events.feed_routes import feed_routes
from services.events.outbox import Outbox
from services.storage.db import Pool
from tests.integration.events.writers import OUTBOX
from tests.pair import free_port


@asynccontextmanager
async def serving(pool: Pool, outbox: Outbox = OUTBOX) -> AsyncIterator[str]:
    """Its address."""
    app = Starlette(routes=feed_routes(Feed(pool, outbox.events)))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", free_port())) as listening:
        async with asyncio.TaskGroup() as work:
            work.create_task(server.serve([listening]))
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                server.should_exit = True
