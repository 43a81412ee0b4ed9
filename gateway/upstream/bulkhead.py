"""Calls under way to one upstream: so many at once, some more that wait, and no others."""

import asyncio
from collections import deque

from services.contracts.errors import UpstreamCrowded
from services.kit.deadline import Deadline


class Bulkhead:
    """A hung upstream holds its own places and nobody else's (Nygard, "Release It!").

    Whoever waits does so no longer than their deadline; who came first goes first.
    """

    __slots__ = ("_most", "_most_waiting", "_turns", "inside", "waiting")

    def __init__(self, at_once: int, waiting: int) -> None:
        self._most = at_once
        self._most_waiting = waiting
        self._turns: deque[asyncio.Future[None]] = deque()
        self.inside = 0
        self.waiting = 0

    def enters(self) -> bool:
        """Whether there was a place at once."""
        if self.inside >= self._most:
            return False
        self.inside += 1
        return True

    async def enter(self, deadline: Deadline) -> None:
        """Raises UpstreamCrowded; who has entered must leave."""
        if self.enters():
            return
        if self.waiting >= self._most_waiting:
            raise UpstreamCrowded(f"{self.inside} calls are under way, {self.waiting} wait")
        turn = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        self.waiting += 1
        try:
            async with deadline.guard():
                await turn
        except BaseException as left:
            if turn.done() and not turn.cancelled():
                # Their turn came while they left.
                self.leave()
            if isinstance(left, TimeoutError):
                raise UpstreamCrowded(f"{self.inside} calls were under way all the time") from left
            raise
        finally:
            self.waiting -= 1

    def leave(self) -> None:
        """The place is handed on, so that nobody who comes now is before those who wait."""
        while self._turns:
            turn = self._turns.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.inside -= 1
