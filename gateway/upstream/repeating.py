"""Tries again what failed at once, if nothing is done twice by it and few calls need it."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.upstream.budget import Budget
from gateway.upstream.outcome import FAILED, OUT_OF_TIME
from services.contracts.errors import UpstreamSpared, UpstreamUnreachable
from services.contracts.question import IDEMPOTENCY_KEY
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply

TRIES = 3
SHARE, MOST, FIRST = 0.1, 20.0, 2.0
"""Of all calls, and never more than so many at a time."""
PAUSE_S, MOST_PAUSE_S = 0.025, 0.2

Send = Callable[[Call, Deadline], Awaitable[Reply]]


class Repeating:
    """Reads, and commands with a key: behind a pause with full jitter ("Exponential Backoff And
    Jitter", AWS), and never past the deadline. `dice` is even in (0, 1].

    A timeout is not repeated: it took all there was. Nor is a refusal (4xx), which is an answer.
    """

    def __init__(self, send: Send, dice: Callable[[], float]) -> None:
        self._send = send
        self._dice = dice
        self._budget = Budget(SHARE, MOST, FIRST)

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Raises an UpstreamError: the first one's, where another try was not even let through."""
        self._budget.earn()
        try:
            reply = await self._send(call, deadline)
        except UpstreamUnreachable as failed:
            return await self._again(call, deadline, failed)
        return await self._again(call, deadline, reply) if _failed(reply) else reply

    async def _again(
        self, call: Call, deadline: Deadline, came: Reply | UpstreamUnreachable
    ) -> Reply:
        """Told what came of the first try."""
        for nth in range(TRIES - 1):
            pause_s = min(MOST_PAUSE_S, PAUSE_S * 2**nth) * self._dice()
            if not may_be_repeated(call) or pause_s >= deadline.left_s():
                break
            if not self._budget.spend():
                break
            await asyncio.sleep(pause_s)
            try:
                came = await self._send(call, deadline)
            except UpstreamSpared:
                break
            except UpstreamUnreachable as failed:
                came = failed
                continue
            if not _failed(came):
                break
        if isinstance(came, UpstreamUnreachable):
            raise came
        return came


def may_be_repeated(call: Call) -> bool:
    """Whether it makes no difference how often it is done."""
    return call.is_read or IDEMPOTENCY_KEY in call.headers


def _failed(reply: Reply) -> bool:
    return reply.status >= FAILED and reply.status != OUT_OF_TIME
