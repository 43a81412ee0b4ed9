"""`python -m bench.rivals.serving NAME PORT HOME`: one rival in Python, in a process of its own."""

import os
import sys
from pathlib import Path

import uvicorn

from bench.rivals.apps import APPS
from gateway.heap import settle
from gateway.server import shared_socket
from gateway.transport.connection import HttpConnection
from services.kit.telemetry import start_telemetry


def serve(name: str, port: int, home: Path) -> None:
    """As the gateway is served, its garbage collector too: all of one port share what comes."""
    config = uvicorn.Config(
        APPS[name](home),
        http=HttpConnection if name != "strawberry" else "httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
    )
    config.load()
    start_telemetry(name, os.environ)
    settle()
    uvicorn.Server(config).run([shared_socket("127.0.0.1", port)])


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
