"""How long a process's loop is held up: by whomever, by the process itself, by its collector."""

import asyncio
import gc
import time
from dataclasses import dataclass

EVERY_S = 0.001


@dataclass(slots=True)
class Stalls:
    """The longest of each.

    `wall_ms` passed between two beats of the loop, whoever had the core meanwhile; `cpu_ms` of it
    the loop's thread was at work. `collection_ms` is one garbage collection's.
    """

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    collection_ms: float = 0.0
    collections: int = 0
    beats: int = 0


class Probe:
    """Beats each millisecond: what a beat waits for, the next request would wait for too."""

    def __init__(self) -> None:
        self.stalls = Stalls()
        self._collecting_s = 0.0

    def start(self) -> None:
        """In the loop's own thread."""
        self._loop = asyncio.get_running_loop()
        gc.callbacks.append(self._collection)
        self._await_beat()

    def take(self) -> Stalls:
        """Since it was last asked."""
        taken, self.stalls = self.stalls, Stalls()
        return taken

    def _await_beat(self) -> None:
        self._wall_s, self._cpu_s = time.perf_counter(), time.thread_time()
        self._loop.call_later(EVERY_S, self._beat)

    def _beat(self) -> None:
        stalls = self.stalls
        wall_ms = (time.perf_counter() - self._wall_s - EVERY_S) * 1e3
        stalls.wall_ms = max(stalls.wall_ms, wall_ms)
        stalls.cpu_ms = max(stalls.cpu_ms, (time.thread_time() - self._cpu_s) * 1e3)
        stalls.beats += 1
        self._await_beat()

    def _collection(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._collecting_s = time.thread_time()
            return
        took_ms = (time.thread_time() - self._collecting_s) * 1e3
        self.stalls.collection_ms = max(self.stalls.collection_ms, took_ms)
        self.stalls.collections += 1
