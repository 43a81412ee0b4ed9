"""An answer over HTTP in parts, which ends with its source, its client or a slow reader."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.kit.log import Log

log = Log("streamed")
SEND_WAIT_S = 5.0
KEEP_ALIVE_S = 12.0
JUDGE_S = 1.0
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""A proxy that kept parts back until there are more of them would spoil what they are for."""


class Streamed(Response):
    """`parts` are sent as they come, and closed whichever way it ends.

    `keep_alive` is sent again and again meanwhile: proxies cut what is silent. `farewell` is
    asked every second, and what it says is said last. `ended` is called once, behind everything.
    """

    def __init__(
        self,
        parts: AsyncGenerator[bytes, None],
        media_type: str,
        keep_alive: bytes = b"",
        farewell: Callable[[], bytes] = lambda: b"",
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(None, 200, HEADERS, media_type)
        del self.headers["content-length"]
        self._parts = parts
        self._keep_alive = keep_alive
        self._farewell = farewell
        self._ended = ended
        self._is_over = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._stream(receive, send)
        finally:
            self._ended()

    async def _stream(self, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with aclosing(self._parts), asyncio.TaskGroup() as tasks:
            work = [self._write(send), self._beat(send), self._judge(send), _leave(receive)]
            running = [tasks.create_task(one, name="streamed") for one in work]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in running:
                task.cancel()

    async def _write(self, send: Send) -> None:
        async for part in self._parts:
            if self._is_over or not await self._send(send, part):
                return
        await self._end(send)

    async def _judge(self, send: Send) -> None:
        while True:
            await asyncio.sleep(JUDGE_S)
            if last := self._farewell():
                await self._end(send, last)
                return

    async def _end(self, send: Send, last: bytes = b"") -> None:
        if not self._is_over:
            self._is_over = True
            await self._send(send, last, more=False)

    async def _beat(self, send: Send) -> None:
        is_heard = True
        while is_heard and not self._is_over:
            await asyncio.sleep(KEEP_ALIVE_S)
            if self._keep_alive and not self._is_over:
                is_heard = await self._send(send, self._keep_alive)

    async def _send(self, send: Send, body: bytes, *, more: bool = True) -> bool:
        """Whether the client took it in time."""
        try:
            async with asyncio.timeout(SEND_WAIT_S):
                await send({"type": "http.response.body", "body": body, "more_body": more})
        except TimeoutError:
            log.info("streamed.slow_reader")
            return False
        except OSError:
            return False
        return True


async def _leave(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
