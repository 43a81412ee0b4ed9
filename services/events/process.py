"""Runs one process of a service: its API, and its duties beside it, until it is told to stop."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from services.events.duty import Duty, keep_all
from services.events.role import Role
from services.kit.clock import Clock

HOST = "127.0.0.1"
DRAIN_S = 1


class TakenPort(Exception):
    """Somebody listens there already; the text is one sentence for whoever starts it."""


async def run(
    app: ASGIApp,
    port: int,
    duties: Mapping[Role, Sequence[Duty]],
    clock: Clock,
    roles: frozenset[Role] = frozenset(Role),
) -> None:
    """Returns after SIGTERM or SIGINT; raises TakenPort, or the error that ended a duty."""
    own = [duty for role in sorted(roles) for duty in duties.get(role, ())]
    server = _Server(app) if Role.API in roles else None
    listening = _listen(port) if server else None
    told = _told_to_stop()
    async with asyncio.TaskGroup() as work:
        working = work.create_task(keep_all(own, clock), name="duties")
        if server and listening:
            serving = work.create_task(server.serve([listening]), name="api")
        await told.wait()
        if server and listening:
            server.should_exit = True
            await serving
        working.cancel()


class _Server(uvicorn.Server):
    """Leaves signals to the process, which has more to stop than its API."""

    def __init__(self, app: ASGIApp) -> None:
        _log_requests()
        config = uvicorn.Config(
            app,
            log_config=None,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=DRAIN_S,
        )
        super().__init__(config)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as taken:
        raise TakenPort(f"Port {port} is taken: stop what listens there.") from taken


def _told_to_stop() -> asyncio.Event:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told


def _log_requests() -> None:
    """One line a request on standard output, as it was asked."""
    requests = logging.getLogger("uvicorn.access")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    requests.handlers = [handler]
    requests.propagate = False
    requests.setLevel(logging.INFO)
