"""One part of the status, which comes from somewhere that may be sick."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Generic, TypeVar

from services.kit.clock import Clock
from services.kit.log import Log

T = TypeVar("T")
PATIENCE_S = 0.25

log = Log("status")


class Part(Generic[T]):
    """`value` is what was said last, at `since`; it is asked for every `every_s` at most.

    Where it is not said in time it stays if it `lasts`, and else is as it was at first.
    """

    def __init__(
        self,
        name: str,
        ask: Callable[[], Awaitable[T]],
        first: T,
        clock: Clock,
        every_s: float,
        *,
        lasts: bool = True,
    ) -> None:
        self._name = name
        self._ask = ask
        self._clock = clock
        self._every_s = every_s
        self._asked_s: float | None = None
        self._is_sick = False
        self._first, self._lasts = first, lasts
        self.value = first
        self.since: datetime = clock.now()

    async def look(self) -> None:
        """Returns within PATIENCE_S, and raises nothing of what it asks."""
        now_s = self._clock.monotonic_s()
        if self._asked_s is not None and now_s - self._asked_s < self._every_s:
            return
        self._asked_s = now_s
        try:
            async with asyncio.timeout(PATIENCE_S):
                self.value = await self._ask()
        except Exception as failed:
            self.value = self.value if self._lasts else self._first
            self._note(failed)
        else:
            self.since, self._is_sick = self._clock.now(), False

    def _note(self, failed: Exception) -> None:
        """Once: it is asked again and again."""
        if not self._is_sick:
            log.warning("status.part_unknown", part=self._name, kind=type(failed).__name__)
        self._is_sick = True
