"""How long an upstream takes to answer: of twenty calls, nineteen less than `p95_s`."""

KEPT = 256
LEAST = 64
"""So many are known before anything is said, and so many more come before it is said anew."""


class Pace:
    """Of the last calls that were answered well; None until there were enough."""

    __slots__ = ("_since", "_took_s", "p95_s")

    def __init__(self) -> None:
        self._took_s: list[float] = []
        self._since = 0
        self.p95_s: float | None = None

    def note(self, took_s: float) -> None:
        if len(self._took_s) < KEPT:
            self._took_s.append(took_s)
        else:
            self._took_s[self._since % KEPT] = took_s
        self._since += 1
        if self._since % LEAST == 0:
            self.p95_s = sorted(self._took_s)[len(self._took_s) * 95 // 100]
