"""Sends an upstream that fails many calls fewer of them, before it has to refuse them itself."""

from collections.abc import Callable

from gateway.upstream.window import Window

TIMES = 2.0
"""K: so many times the calls that went well are sent. Smaller, and the rest of a half is lost."""
SPAN_S = 30.0
LEAST = 20
"""Of fewer calls nothing is learned."""
AT_LEAST_EVERY_S = 1.0
"""One is sent so often, or nobody would ever learn that it is well again."""
HEALED = 5
"""After so many in a row that went well the failures before them are forgotten."""


class Throttle:
    """p = max(0, (calls - K * well) / (calls + 1)) is the chance that a call is kept back: the
    client-side throttling of Google's SRE book, "Handling Overload". Calls that were kept back
    count among the calls.

    Calls are counted when it is known what became of them: of a hundred that are under way at
    once none has failed yet. `dice` is even in (0, 1].
    """

    __slots__ = ("_dice", "_sent_s", "_well_in_a_row", "_window")

    def __init__(self, dice: Callable[[], float]) -> None:
        self._dice = dice
        self._window = Window(SPAN_S)
        self._sent_s = 0.0
        self._well_in_a_row = 0

    def lets_through(self, now_s: float) -> bool:
        window = self._window
        if not window.bad:
            return True
        window.slide(now_s)
        if now_s - self._sent_s >= AT_LEAST_EVERY_S or self._dice() > self.kept_back:
            self._sent_s = now_s
            return True
        window.add(now_s, is_good=False)
        return False

    @property
    def kept_back(self) -> float:
        """The share of calls that is kept back."""
        calls = self._window.good + self._window.bad
        if calls < LEAST:
            return 0.0
        return max(0.0, (calls - TIMES * self._window.good) / (calls + 1))

    def note(self, now_s: float, *, is_good: bool) -> None:
        self._well_in_a_row = self._well_in_a_row + 1 if is_good else 0
        if self._well_in_a_row == HEALED and self.kept_back:
            self.forget()
        self._window.add(now_s, is_good=is_good)

    def forget(self) -> None:
        self._window.clear()
