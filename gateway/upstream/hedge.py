"""Asks a second time what takes longer than usual, and takes whichever answer comes first."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from services.contracts.errors import UpstreamError
from services.kit.http import Reply
from services.kit.once import flight

Ask = Callable[[], Coroutine[Any, Any, Reply]]


class Hedge:
    """A hedged request of Dean and Barroso's "The Tail at Scale": the second is sent when the
    first has taken longer than most do, and whoever loses is cancelled.

    The first is no task of its own: nearly always it is the only one. Where the second wins, the
    first is cancelled as `asyncio.timeout` does it.
    """

    __slots__ = ("_again", "_cancelling", "_is_over", "_is_won", "_may", "_second", "_task")

    def __init__(self, again: Ask, may: Callable[[], bool]) -> None:
        self._again = again
        self._may = may
        self._second: asyncio.Task[Reply] | None = None
        self._is_won = self._is_over = False

    async def first(self, asked: Awaitable[Reply], after_s: float) -> Reply:
        """Whichever answers first; the first one's error, unless the second is under way."""
        task = cast("asyncio.Task[object]", asyncio.current_task())
        self._task, self._cancelling = task, task.cancelling()
        timer = asyncio.get_running_loop().call_later(after_s, self._begin)
        try:
            return await asked
        except (asyncio.CancelledError, UpstreamError) as failed:
            second = self._second
            if second is None or (isinstance(failed, asyncio.CancelledError) and not self._is_won):
                raise
            # Somebody else may have cancelled the task as well.
            if self._is_won and task.uncancel() > self._cancelling:
                raise
            self._is_over = True
            return await second
        finally:
            timer.cancel()
            await self._end()

    def _begin(self) -> None:
        if self._may():
            self._second = flight(self._again(), "hedge")
            self._second.add_done_callback(self._ended)

    def _ended(self, second: asyncio.Task[Reply]) -> None:
        if not (self._is_over or second.cancelled() or second.exception()):
            self._is_won = True
            self._task.cancel()

    async def _end(self) -> None:
        self._is_over = True
        if self._second is not None and not self._second.done():
            self._second.cancel()
            await asyncio.wait([self._second])
