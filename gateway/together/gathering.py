"""Gathers what is wanted of one source for one tenant, and asks for it with few calls."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.contracts.errors import UpstreamError, UpstreamMisbehaved, UpstreamUnreachable
from services.contracts.freshness import Seen, merged
from services.kit.log import Log
from services.kit.once import flight
from services.kit.told import told

I = TypeVar("I")  # noqa: E741
A = TypeVar("A")

WINDOW_S = 0.002
"""How long a call waits for others while one is under way; without one, a turn of the loop."""
MOST_ITEMS = 500
MOST_AT_ONCE = 4

log = Log("together")

AskAll = Callable[[Sequence[I], Seen], Awaitable[Sequence[A]]]
"""For each item its answer, in order, or an UpstreamError."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted(Generic[I, A]):
    """By one caller; the answer None says that nobody else came: they ask for themselves."""

    items: Sequence[I]
    seen: Seen
    answer: "asyncio.Future[list[A] | None]"


class Gathering(Generic[I, A]):
    """`forget` is called when nothing is wanted and nothing under way any more."""

    def __init__(self, ask_all: AskAll[I, A], forget: Callable[[], None]) -> None:
        self._ask_all = ask_all
        self._forget = forget
        self._waiting: deque[Wanted[I, A]] = deque()
        self._flights: set[asyncio.Task[None]] = set()
        self._alone: set[Wanted[I, A]] = set()
        self._due: asyncio.Handle | None = None

    def add(self, wanted: Wanted[I, A]) -> None:
        self._waiting.append(wanted)
        if self._due is None and self._has_room:
            loop = asyncio.get_running_loop()
            is_busy = self._under_way > 0
            depart = self._depart
            self._due = loop.call_later(WINDOW_S, depart) if is_busy else loop.call_soon(depart)

    def leave(self, wanted: Wanted[I, A]) -> None:
        """Who asked for themselves has done so; to be called for everyone that was added."""
        if wanted in self._alone:
            self._alone.remove(wanted)
            self._depart()

    async def close(self) -> None:
        """Ends what is under way: nobody is left waiting."""
        _fail(self._waiting, UpstreamUnreachable("the gateway ends"))
        self._waiting.clear()
        flights = list(self._flights)
        for one in flights:
            one.cancel()
        if flights:
            await asyncio.wait(flights)

    @property
    def _under_way(self) -> int:
        return len(self._flights) + len(self._alone)

    @property
    def _has_room(self) -> bool:
        return self._under_way < MOST_AT_ONCE

    def _depart(self) -> None:
        """When the window is over, or one comes back: whoever gathered meanwhile goes."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        while self._waiting and self._has_room:
            batch = self._next()
            if len(batch) > 1:
                self._take_off(batch)
            elif batch:
                self._alone.add(batch[0])
                batch[0].answer.set_result(None)
        if not self._waiting and not self._under_way:
            self._forget()

    def _next(self) -> list[Wanted[I, A]]:
        """As many as fit into one call, of those who still wait; nobody's items are parted."""
        batch: list[Wanted[I, A]] = []
        size = 0
        while self._waiting and (not batch or size + len(self._waiting[0].items) <= MOST_ITEMS):
            one = self._waiting.popleft()
            if not one.answer.done():
                batch.append(one)
                size += len(one.items)
        return batch

    def _take_off(self, batch: Sequence[Wanted[I, A]]) -> None:
        task = flight(self._fly(batch), "together")
        self._flights.add(task)
        task.add_done_callback(self._flown)

    def _flown(self, task: "asyncio.Task[None]") -> None:
        self._flights.discard(task)
        self._depart()

    async def _fly(self, batch: Sequence[Wanted[I, A]]) -> None:
        try:
            items = list(dict.fromkeys(item for one in batch for item in one.items))
            seen = merged(*(one.seen for one in batch))
            answers = dict(zip(items, await self._ask_all(items, seen), strict=True))
            for one in batch:
                if not one.answer.done():
                    one.answer.set_result([answers[item] for item in one.items])
        except UpstreamError as failed:
            log.warning("together.failed", kind=type(failed).__name__, why=told(failed))
            _fail(batch, failed)
        except Exception as wrong:
            log.error("together.broken", wrong)
            _fail(batch, UpstreamMisbehaved(type(wrong).__name__))
        finally:
            _fail(batch, UpstreamUnreachable("given up"))


def _fail(batch: Iterable[Wanted[I, A]], failed: UpstreamError) -> None:
    """Whoever waits still is told, with an error of their own: raising writes into it."""
    for one in batch:
        if not one.answer.done():
            one.answer.set_exception(type(failed)(*failed.args))
