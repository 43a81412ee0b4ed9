"""Whose request begins next, where one sends more at once than a turn of the loop has time for."""

import asyncio
from collections import OrderedDict, deque
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.transport.front import PATH

A_TURN = 4
"""So many more begin in it: what is under way, and what others ask, comes between them."""

Bearer: TypeAlias = bytes | str
Line: TypeAlias = "deque[asyncio.Future[None]]"


class Turnstile:
    """In a turn of the loop one request of each bearer begins at once; who sent more waits.

    Before anything of it is read: to refuse ten thousand takes seconds, and nobody else's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._begun: set[Bearer] = set()
        self._lines: OrderedDict[Bearer, Line] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            bearer = _whose(scope)
            if not self._passes(bearer):
                await self._stand_in_line(bearer)
        await self._app(scope, receive, send)

    def _passes(self, bearer: Bearer) -> bool:
        if bearer in self._begun or bearer in self._lines:
            return False
        if not self._begun and not self._lines:
            asyncio.get_running_loop().call_soon(self._turn)
        self._begun.add(bearer)
        return True

    async def _stand_in_line(self, bearer: Bearer) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(bearer, deque()).append(turn)
        await turn

    def _turn(self) -> None:
        self._begun.clear()
        for _ in range(A_TURN):
            if not self._lines:
                return
            self._let_in(*self._lines.popitem(last=False))
        asyncio.get_running_loop().call_soon(self._turn)

    def _let_in(self, bearer: Bearer, line: Line) -> None:
        turn = line.popleft()
        if line:
            self._lines[bearer] = line
        if not turn.done():
            turn.set_result(None)


def _whose(scope: Scope) -> Bearer:
    """What tells who asks, or else from where; nothing of it is verified yet."""
    told: dict[bytes, bytes] = dict(scope["headers"])
    host: str = (scope.get("client") or ("",))[0]
    return told.get(b"authorization") or told.get(b"cookie") or host
