"""What an operation holds while it runs."""

import asyncio
from collections.abc import Callable
from functools import partial


class Slot:
    """One that nobody counts: where there is no limit."""

    def leave(self, *, counts: bool = True, failed: bool = False) -> None:
        """The operation is over; `counts`: how long it took tells how busy we are.

        `failed`: an upstream did, which tells it less surely.
        """

    def leave_after(self, seconds: float) -> None:
        """At the latest; what it took tells nothing then."""


FREE = Slot()


class Taken(Slot):
    """Given back once, however often it is left."""

    __slots__ = ("_give", "_late")

    def __init__(self, give: Callable[[bool, bool], None]) -> None:
        self._give: Callable[[bool, bool], None] | None = give
        self._late: asyncio.TimerHandle | None = None

    def leave(self, *, counts: bool = True, failed: bool = False) -> None:
        give, self._give = self._give, None
        if give is not None:
            give(counts, failed)
        if self._late is not None:
            self._late.cancel()

    def leave_after(self, seconds: float) -> None:
        later = asyncio.get_running_loop().call_later
        self._late = later(seconds, partial(self.leave, counts=False))
