"""Leaves out who has failed: nobody asks for a while, then one tries for all."""

from services.kit.clock import Clock

FIRST_S = 1.0
LONGEST_S = 30.0


class Absence:
    """Each failure in a row doubles the wait, from FIRST_S to LONGEST_S.

    `since_s` is when a try began, on the clock's monotonic scale: those who tried together and
    failed together count as one, and what began before a failure says nothing of after it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wait_s = 0.0
        self._until_s = self._failed_s = float("-inf")

    def may_try(self) -> bool:
        """True to whoever asks the present; to one of all who ask when a wait is over."""
        now_s = self._clock.monotonic_s()
        if now_s < self._until_s:
            return False
        if self._wait_s:
            self._until_s = now_s + self._wait_s
        return True

    def begin(self, since_s: float) -> None:
        if since_s < self._failed_s:
            return
        self._failed_s = self._clock.monotonic_s()
        self._wait_s = min(max(FIRST_S, self._wait_s * 2), LONGEST_S)
        self._until_s = self._failed_s + self._wait_s

    def end(self, since_s: float) -> None:
        if since_s >= self._failed_s:
            self._wait_s = 0.0
            self._until_s = float("-inf")
