"""Leaves alone for a while who failed several times, and then tries it with one question."""

from services.kit.clock import Clock

FAILURES = 3
REST_S = 0.5


class Breaker:
    """One failure alone may be our own: a busy loop looks at its clock late."""

    def __init__(self, clock: Clock, failures: int = FAILURES, rest_s: float = REST_S) -> None:
        self._clock = clock
        self._most = failures
        self._rest_s = rest_s
        self._failures = 0
        self._rests_until_s: float | None = None

    @property
    def rests(self) -> bool:
        return self._rests_until_s is not None

    def lets_through(self) -> bool:
        """While it rests, one question a rest: whoever was let through must say how it went."""
        if self._rests_until_s is None:
            return True
        now_s = self._clock.monotonic_s()
        if now_s < self._rests_until_s:
            return False
        self._rests_until_s = now_s + self._rest_s
        return True

    def worked(self) -> None:
        self._failures = 0
        self._rests_until_s = None

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= self._most:
            self._rests_until_s = self._clock.monotonic_s() + self._rest_s
