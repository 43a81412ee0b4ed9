"""One of the servers that are compared, in a process of its own: `NAME HOME` on a free port."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import psutil
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.own_door import OwnDoor
from gateway.heap import settle
from gateway.transport.connection import HttpConnection

UVICORN, STARLETTE, GATEWAY = "uvicorn", "starlette", "gateway"
ANSWER = "answer.json"
JSON = [(b"content-type", b"application/json")]


@contextmanager
def served(name: str, home: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Its host and port; it ends with the block."""
    command = [sys.executable, "-m", __name__, name, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            address = cast(IO[bytes], process.stdout).readline().decode().strip()
            yield address, psutil.Process(process.pid)
        finally:
            process.terminate()


def bare(home: Path) -> ASGIApp:
    """The gateway's own answer, kept."""
    answer = (home / ANSWER).read_bytes()
    head = [*JSON, (b"content-length", str(len(answer)).encode())]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": answer})

    return app


def starlette(home: Path) -> ASGIApp:
    answer = (home / ANSWER).read_bytes()

    async def endpoint(request: Request) -> Response:
        await request.body()
        return Response(answer, media_type="application/json")

    return Starlette(routes=[Route("/graphql", endpoint, methods=["POST"])])


def gateway(home: Path) -> ASGIApp:
    return OwnDoor.of(home).app


APPS: dict[str, Callable[[Path], ASGIApp]] = {
    UVICORN: bare,
    STARLETTE: starlette,
    GATEWAY: gateway,
}


def serve(name: str, home: Path) -> None:
    app = APPS[name](home)
    settle()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    # Whoever connects before uvicorn takes over waits for it.
    listening.listen()
    print(f"127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app,
        http=HttpConnection if name == GATEWAY else "httptools",
        loop="uvloop",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]))
