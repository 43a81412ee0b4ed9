"""Keeps the garbage collector from what stays, and from what is gone by itself."""

import gc
from collections.abc import Mapping
from typing import Any

from services.kit.clock import Clock, SystemClock

YOUNG = 2_000
"""So many objects more than were freed; by default 700, which some requests under way reach, while
all that a request makes is freed as it ends."""
FULL_EVERY = 3
"""Collections of what is younger: by default ten, and what they leave makes one of them longer."""
FULL = 2
LONG_S = 0.05
"""What a full collection that took longer has found is left out of the next ones: it goes through
every object, and with thousands of sockets lasts longer than Redis is waited for."""
ALL_EVERY_S = 600.0
"""Then one looks at everything, for what closed sockets and the like left behind."""


def settle() -> "Heap":
    """Once all is loaded: a full collection of it would hold up the loop for some 70 ms."""
    gc.collect()
    gc.freeze()
    _, middle, _ = gc.get_threshold()
    gc.set_threshold(YOUNG, middle, FULL_EVERY)
    heap = Heap(SystemClock())
    gc.callbacks.append(heap.heed)
    return heap


class Heap:
    """Of the process; nothing else may freeze objects, or thaw them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_s = 0.0
        self._left_out_since_s: float | None = None

    def heed(self, phase: str, info: Mapping[str, Any]) -> None:
        """Called by the collector, before and after each collection."""
        if info["generation"] == FULL:
            self._begin() if phase == "start" else self._end()

    def _begin(self) -> None:
        self._began_s = self._clock.monotonic_s()
        since_s = self._left_out_since_s
        if since_s is not None and self._began_s - since_s >= ALL_EVERY_S:
            gc.unfreeze()
            self._left_out_since_s = None

    def _end(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._began_s <= LONG_S:
            return
        gc.freeze()
        if self._left_out_since_s is None:
            self._left_out_since_s = now_s
