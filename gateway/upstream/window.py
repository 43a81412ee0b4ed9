"""Counts what went well and what did not in the last so many seconds."""

SLICES = 10


class Window:
    """It slides by a tenth of its span; moments are on a clock's monotonic scale."""

    __slots__ = ("_bads", "_goods", "_number", "_width_s", "bad", "good")

    def __init__(self, span_s: float) -> None:
        self._width_s = span_s / SLICES
        self._number = 0
        self.clear()

    def clear(self) -> None:
        self.good = self.bad = 0
        self._goods = [0] * SLICES
        self._bads = [0] * SLICES

    def add(self, now_s: float, *, is_good: bool) -> None:
        self.slide(now_s)
        place = self._number % SLICES
        if is_good:
            self.good += 1
            self._goods[place] += 1
        else:
            self.bad += 1
            self._bads[place] += 1

    def slide(self, now_s: float) -> None:
        """Forgets what is older than the span."""
        number = int(now_s / self._width_s)
        for nth in range(min(number - self._number, SLICES)):
            place = (self._number + 1 + nth) % SLICES
            self.good -= self._goods[place]
            self.bad -= self._bads[place]
            self._goods[place] = self._bads[place] = 0
        self._number = max(number, self._number)
