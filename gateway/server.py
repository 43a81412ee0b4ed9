"""One gateway process: its socket is shared with the others, and it drains before it ends."""

import socket
from typing import Any

import uvicorn

from gateway.build import Gateway
from gateway.transport import messages
from gateway.transport.connection import HttpConnection, SocketConnection
from services.kit.settings import Settings


class Server(uvicorn.Server):
    """Says that it is stopping before it closes its door.

    uvicorn raises the signal that stopped it once more when it is done, and would so end the
    process before what stands behind `serve()` was done: here the signal is forgotten.
    """

    def __init__(self, config: uvicorn.Config, gateway: Gateway) -> None:
        super().__init__(config)
        self._gateway = gateway

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._gateway.health.is_ready = False
        await super().shutdown(sockets)
        self._captured_signals.clear()


def serve(gateway: Gateway, settings: Settings) -> None:
    """Answers until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        gateway.app,
        log_config=None,
        access_log=False,
        server_header=False,
        **trusting(settings),
        http=HttpConnection,
        ws=SocketConnection,
        ws_max_size=messages.MOST_BYTES,
        timeout_graceful_shutdown=max(1, round(settings.drain_s)),
    )
    Server(config, gateway).run([shared_socket(settings.host, settings.port)])


def trusting(settings: Settings) -> dict[str, Any]:
    """uvicorn's own default believes what any process of this machine says of addresses."""
    return {
        "proxy_headers": bool(settings.proxies),
        "forwarded_allow_ips": settings.proxies,
    }


def shared_socket(host: str, port: int) -> socket.socket:
    """Every gateway process listens on the one port; the kernel spreads the connections."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, port))
    listening.set_inheritable(True)
    return listening
