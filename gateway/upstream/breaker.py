"""Leaves an upstream alone for a moment that fails most calls, and then tries it one by one."""

from collections.abc import Callable
from enum import StrEnum

from gateway.upstream.outcome import Outcome
from gateway.upstream.window import Window
from services.kit.log import Log

SPAN_S = 10.0
LEAST_FAILED, SHARE = 10, 0.5
"""It opens when so many failed, and so large a share of all."""
REST_S, MOST_REST_S = 0.5, 4.0
"""How long it is left alone first; twice as long each time that a try fails."""
TRIES = 3
"""In a row, one at a time; when all went well it closes."""

log = Log("upstream")


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker:
    """As Envoy's outlier detection: a share of failures, longer rests each time, and never more
    than some of all at once, which `may_open` says. `dice` is even in (0, 1].

    Moments are on a clock's monotonic scale. Calls of an earlier era, from before it opened or
    closed, say nothing of this one.
    """

    def __init__(self, name: str, may_open: Callable[[], bool], dice: Callable[[], float]) -> None:
        self.state = State.CLOSED
        self._name = name
        self._may_open = may_open
        self._dice = dice
        self._window = Window(SPAN_S)
        self._era = 0
        self._rest_s = REST_S
        self._rests_until_s = 0.0
        self._tried = 0
        self._is_trying = False

    @property
    def is_well(self) -> bool:
        """Of the last seconds' calls almost none failed."""
        return self.state is State.CLOSED and self._window.bad * 50 <= self._window.good

    def rests(self, now_s: float) -> bool:
        """Nobody is let through now."""
        if self.state is State.CLOSED:
            return False
        return self._is_trying or now_s < self._rests_until_s

    def enter(self, now_s: float) -> int | None:
        """The era, to be told with what became of the call; None while it rests."""
        if self.state is State.CLOSED:
            return self._era
        if self.rests(now_s):
            return None
        self.state = State.HALF_OPEN
        self._is_trying = True
        return self._era

    def note(self, now_s: float, era: int, outcome: Outcome) -> bool:
        """Whether it is well again by this."""
        if era != self._era:
            return False
        if self.state is not State.CLOSED:
            return self._note_try(now_s, outcome)
        if outcome is not Outcome.NEITHER:
            self._window.add(now_s, is_good=outcome is Outcome.WELL)
        if outcome is Outcome.FAILED and self._fails and self._may_open():
            self._open(now_s, REST_S)
        return False

    @property
    def _fails(self) -> bool:
        bad = self._window.bad
        return bad >= LEAST_FAILED and bad >= SHARE * (bad + self._window.good)

    def _note_try(self, now_s: float, outcome: Outcome) -> bool:
        self._is_trying = False
        if outcome is Outcome.FAILED:
            self._open(now_s, min(MOST_REST_S, 2 * self._rest_s))
        elif outcome is Outcome.WELL:
            self._tried += 1
        if self._tried < TRIES:
            return False
        self._close()
        return True

    def _open(self, now_s: float, rest_s: float) -> None:
        if self.state is State.CLOSED:
            failed, of = self._window.bad, self._window.bad + self._window.good
            log.warning("upstream.opened", upstream=self._name, failed=failed, of=of)
        self.state = State.OPEN
        self._era += 1
        self._tried = 0
        self._rest_s = rest_s
        # Processes that opened together do not come back together.
        self._rests_until_s = now_s + rest_s * (1 + self._dice()) / 2

    def _close(self) -> None:
        log.info("upstream.closed", upstream=self._name)
        self.state = State.CLOSED
        self._era += 1
        self._window.clear()
