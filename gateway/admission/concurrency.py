"""How many operations may run at once: learned from how much longer they take than they used to.

After Netflix's Gradient2: once they slow down the limit is what ran, by the usual over what it
took; while they do not a root of itself is added. Durations are compared operation by operation,
so that a change of what is asked looks like no change of load.
"""

import math
from dataclasses import dataclass
from statistics import median

LEAST = 2
UNTRIED = 12
"""So many may run at once where nobody knows yet how that goes, and there are others to suffer."""
GROWTH = 0.25
"""Times its root that it grows by in a window; more of it, and the limit swings."""
LEAST_WHILE_SICK = 32
"""Where an upstream's failures are all there is to learn from: it may be overrun, or hang."""
GRACE_S = 0.04
"""Counted beside every duration: of what takes a millisecond, six are no sign of anything."""
TOLERANCE = 1.15
"""Times its usual duration that an operation may take before it counts as slowed down."""
NOISE, FARTHEST = 1.1, 2.0
"""Times the usual duration: so much more teaches it also among many, and so much more at most.

Else what the limit tolerates would become the usual, and be tolerated again.
"""
WINDOW_S, WINDOW_SAMPLES = 0.05, 10
"""A window has at least so much of both."""
FORGOTTEN_S = 30.0
"""What nothing has confirmed for so long was learned under a load that is over."""
FEW, LONG, FASTER = 10, 600, 10
"""Samples that the usual duration is an average of, at first and later; how much faster it falls.

Else an overload that lasts would become the usual.
"""


@dataclass(slots=True)
class Pace:
    """How long one operation usually takes, in seconds."""

    usual_s: float = 0.0
    samples: int = 0

    def beside(self, took_s: float) -> float:
        """Times the usual, of one that says nothing of it."""
        return (took_s + GRACE_S) / (self.usual_s + GRACE_S) if self.usual_s > 0 else 1.0

    def slowdown(self, took_s: float, at_once: int) -> float:
        """Times the usual that this one took, which is counted in; so many ran beside it."""
        self.samples += 1
        if self.samples == 1:
            self.usual_s = took_s
            return 1.0
        slowdown = self.beside(took_s)
        is_usual = took_s <= NOISE * self.usual_s
        # With few at once it is not us who are slow: that is the usual from now on.
        if is_usual or at_once <= LEAST:
            self.usual_s += self._step_s(took_s)
        return slowdown

    def _step_s(self, took_s: float) -> float:
        if self.samples <= FEW:
            return (took_s - self.usual_s) / self.samples
        if took_s < self.usual_s:
            return (took_s - self.usual_s) / min(self.samples, LONG / FASTER)
        return (min(took_s, FARTHEST * self.usual_s) - self.usual_s) / LONG


class Limit:
    """Between `LEAST` and `most`, where it begins."""

    def __init__(self, most: int) -> None:
        self._most = float(max(most, LEAST))
        self.now = self._most
        self._tried = float(UNTRIED)
        self._slowdowns: list[float] = []
        self._at_once = 0.0
        self._sick = self._busiest = 0
        self._began_s = self._slowed_s = -math.inf

    @property
    def tried(self) -> float:
        """Twice what ran at once lately and slowed nothing down, so far as it may be in use."""
        return min(self.now, self._tried)

    def sample(
        self, slowdown: float, before: int, at_once: int, now_s: float, *, is_sick: bool = False
    ) -> None:
        """So many ran when this one began and when it ended, itself counted in.

        `is_sick`: an upstream failed.
        """
        if not self._slowdowns:
            self._began_s, self._busiest = now_s, 0
        self._slowdowns.append(slowdown)
        self._at_once += (before + at_once) / 2
        self._sick += is_sick
        self._busiest = max(self._busiest, at_once)
        if len(self._slowdowns) >= WINDOW_SAMPLES and now_s - self._began_s >= WINDOW_S:
            self._learn(median(self._slowdowns), now_s)
            self._slowdowns, self._at_once, self._sick = [], 0.0, 0

    def _learn(self, slowdown: float, now_s: float) -> None:
        if slowdown > TOLERANCE:
            self._slowed_s = now_s
            self._shrink(slowdown)
        elif now_s - self._slowed_s > FORGOTTEN_S:
            self.now = self._most
        elif self._busiest >= self.now / 2:
            self.now = min(self._most, self.now + math.sqrt(self.now) * GROWTH)
        self._try(slowdown)

    def _shrink(self, slowdown: float) -> None:
        """To what would run if each took as long as is tolerated (Little's law)."""
        samples = len(self._slowdowns)
        is_sick = self._sick > samples / 2
        least = float(min(self.now, LEAST_WHILE_SICK) if is_sick else LEAST)
        fits = self._at_once / samples * TOLERANCE / slowdown
        self.now = max(least, min(self.now, fits))

    def _try(self, slowdown: float) -> None:
        if slowdown > TOLERANCE or self._busiest < self._tried / 4:
            self._tried = max(float(UNTRIED), self._tried / 2)
        elif self._busiest >= self._tried / 2:
            self._tried = min(self._most, self._tried * 2)
