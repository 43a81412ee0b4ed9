"""A crowd that opens sockets from one address and says nothing."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.protocol import State
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
AT_ONCE = 50
PATIENCE_S = 20.0
READS_WITHIN_S = 0.05


@dataclass
class Crowd:
    """`held` at once at most; `closed` and `refused` by their codes."""

    url: str
    address: str
    held: int = 0
    closed: Counter[int] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _sockets: list[ClientConnection] = field(default_factory=list)

    async def come(self, many: int) -> None:
        """They open; those who were let in are held until `leave` or until they are closed."""
        for first in range(0, many, AT_ONCE):
            await asyncio.gather(*(self._one() for _ in range(first, min(first + AT_ONCE, many))))

    async def _one(self) -> None:
        opening = connect(
            self.url,
            subprotocols=[PROTOCOL],
            local_addr=(self.address, 0),
            compression=None,
            open_timeout=PATIENCE_S,
        )
        try:
            socket = await self._open.enter_async_context(opening)
        except InvalidStatus as refused:
            self.refused[refused.response.status_code] += 1
            return
        self._sockets.append(socket)
        # Whoever was closed before this one was let in has been told so, and has read it by then.
        await asyncio.sleep(READS_WITHIN_S)
        self.held = max(self.held, sum(one.state is State.OPEN for one in self._sockets))

    async def wait_until_closed(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(socket.wait_closed() for socket in self._sockets))
        self.closed.update(socket.close_code or 0 for socket in self._sockets)

    async def leave(self) -> None:
        await self._open.aclose()
