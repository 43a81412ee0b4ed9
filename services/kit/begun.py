"""Awaits something whose first step was made already: what is there at once need not be timed."""

from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Begun(Generic[T]):
    """`is_done` when the first step was the last one too; awaited once, in the same task.

    What the first step raises, it raises when it is made.
    """

    __slots__ = ("_steps", "_value", "_waits_for", "is_done")

    def __init__(self, work: Awaitable[T]) -> None:
        self.is_done = False
        self._steps: Any = work.__await__()
        try:
            self._waits_for: Any = next(self._steps)
        except StopIteration as done:
            self._value: T = done.value
            self.is_done = True

    def __await__(self) -> Generator[Any, Any, T]:
        while not self.is_done:
            try:
                yield self._waits_for
            except BaseException as thrown:
                self._step(partial(self._steps.throw, thrown))
            else:
                self._step(partial(next, self._steps))
        return self._value

    def _step(self, step: Callable[[], Any]) -> None:
        try:
            self._waits_for = step()
        except StopIteration as done:
            self._value = done.value
            self.is_done = True
