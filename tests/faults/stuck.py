"""Sockets of a server that note since when nothing could be written to them, and their end."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from uvicorn._types import ASGISendEvent

from gateway.transport.connection import SocketConnection


@dataclass
class Stuck:
    """By the port of each client: `since_s` while it is stuck, `for_s` once it was closed."""

    since_s: dict[int, float] = field(default_factory=dict)
    for_s: dict[int, float] = field(default_factory=dict)
    over: defaultdict[int, asyncio.Event] = field(
        default_factory=lambda: defaultdict(asyncio.Event)
    )


def noting(stuck: Stuck) -> type[SocketConnection]:
    class Noting(SocketConnection):
        @property
        def port(self) -> int:
            return int(self.transport.get_extra_info("peername")[1])

        def pause_writing(self) -> None:
            super().pause_writing()
            stuck.since_s[self.port] = time.monotonic()

        def resume_writing(self) -> None:
            super().resume_writing()
            stuck.since_s.pop(self.port, None)

        async def send(self, message: ASGISendEvent) -> None:
            told: dict[str, Any] = {**message}
            if told["type"] == "websocket.close" and self.port in stuck.since_s:
                stuck.for_s[self.port] = time.monotonic() - stuck.since_s[self.port]
                stuck.over[self.port].set()
            await super().send(message)

    return Noting
