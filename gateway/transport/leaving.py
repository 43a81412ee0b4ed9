"""A client that leaves takes the work for it along, and one may say how long it will wait."""

import asyncio
import re
from types import TracebackType

from starlette.types import Scope

from services.kit.deadline import HEADER

SCOPE, WAITS_MS = "banyan.leaving", "banyan.waits-ms"
"""In a request's scope, put there by its connection: no header can."""
NAME = HEADER.encode()
MS = re.compile(rb"[0-9]{1,9}")


class Left(Exception):
    """Nobody is there any more who would be told."""


class Leaving:
    """One connection's; `with leaving:` round what is done for its client alone.

    The task is cancelled as `asyncio.timeout` does it, and Left is raised in its place.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._is_gone = False

    def go(self) -> None:
        self._is_gone = True
        if self._task is not None:
            self._task.cancel()

    def __enter__(self) -> None:
        if self._is_gone:
            raise Left
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        task, self._task = self._task, None
        if not self._is_gone or task is None:
            return
        if task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise Left from error


def put(scope: Scope, leaving: Leaving) -> None:
    scope[SCOPE] = leaving


def leaving_of(scope: Scope) -> Leaving:
    """One that never goes where the connection does not say."""
    found = scope.get(SCOPE)
    return found if isinstance(found, Leaving) else Leaving()


def ends_s(scope: Scope, begun_s: float) -> float | None:
    """When a client stops waiting, on the scale of `begun_s`; None where it did not say."""
    waits_ms = scope.get(WAITS_MS)
    return None if waits_ms is None else begun_s + waits_ms / 1000


def note_ms(scope: Scope, said: bytes) -> None:
    """What is no number counts as not said, and of two the smaller counts."""
    if MS.fullmatch(said):
        scope[WAITS_MS] = min(int(said), scope.get(WAITS_MS, int(said)))
