"""One gateway process: its socket is shared with the others, and it drains before it ends."""

import asyncio
import socket
from collections.abc import Iterable, Iterator
from typing import Any

import uvicorn

from gateway.build import Gateway
from gateway.transport import messages
from gateway.transport.connection import HttpConnection, SocketConnection
from services.kit.clock import SystemClock
from services.kit.ports import port_of
from services.kit.serves import Serves
from services.kit.settings import Settings

LOOK_S = 0.05
FINISH_S = 1
"""What is left to an answer that is still under way behind the drain."""


class Server(uvicorn.Server):
    """Closes its door without losing who stands before it, and then what is open, one by one.

    uvicorn's own closes all sockets within a moment, and connections that just bring a request.
    It raises the signal that stopped it once more when it is done, and would so end the process
    before what stands behind `serve()` was done: here the signal is forgotten.
    """

    def __init__(self, config: uvicorn.Config, gateway: Gateway, drain_s: float = 0.0) -> None:
        super().__init__(config)
        self._gateway = gateway
        self._drain_s = drain_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._gateway.health.is_ready = False
        clock = SystemClock()
        ends_s = clock.monotonic_s() + self._drain_s
        await self._close_door(sockets or [])
        for connection in list(self.server_state.connections):
            if isinstance(connection, HttpConnection):
                connection.finish()
        await self._gateway.departures.spread(self._drain_s, lambda: self.force_exit)
        while self.server_state.connections and clock.monotonic_s() < ends_s:
            if self.force_exit:
                break
            await asyncio.sleep(LOOK_S)
        await super().shutdown(sockets)
        self._captured_signals.clear()

    async def _close_door(self, sockets: Iterable[socket.socket]) -> None:
        """Whom the kernel has let in already is served: nothing comes between the last and the end.

        The kernel gives new connections to the other processes of the port from then on.
        """
        let_in = [one for listening in sockets for one in _queued(listening)]
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        for one in let_in:
            await loop.connect_accepted_socket(self._protocol, one)

    def _protocol(self) -> asyncio.Protocol:
        """As uvicorn makes them."""
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        return made


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
        ws_per_message_deflate=False,
        # Sockets have pings of the protocol's own, which say more: browsers can see them.
        ws_ping_interval=None,
        timeout_graceful_shutdown=FINISH_S,
    )
    role = "realtime" if settings.gateway_serves is Serves.REALTIME else "gateway"
    listening = shared_socket(settings.host, port_of(role, settings.port))
    Server(config, gateway, settings.drain_s).run([listening])


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


def _queued(listening: socket.socket) -> Iterator[socket.socket]:
    """Who has connected to it and was not accepted yet."""
    while True:
        try:
            accepted, _ = listening.accept()
        except OSError:
            return
        accepted.setblocking(False)
        yield accepted
