"""What the stages of a request took, for `Server-Timing`."""

from services.kit.clock import Clock


class Stages:
    """Told one by one only where `tells_each`: exact times would tell a stranger what we know."""

    def __init__(self, clock: Clock, *, tells_each: bool) -> None:
        self._clock = clock
        self.begun_s = self._last_s = clock.monotonic_s()
        self._tells_each = tells_each
        self._told: list[str] = []

    def end(self, stage: str) -> None:
        """What was done since the stage before is this one's."""
        if not self._tells_each:
            return
        now_s = self._clock.monotonic_s()
        self._told.append(f"{stage};dur={(now_s - self._last_s) * 1e3:.2f}")
        self._last_s = now_s

    @property
    def header(self) -> str:
        total_ms = (self._clock.monotonic_s() - self.begun_s) * 1e3
        if not self._tells_each:
            return f"total;dur={total_ms:.0f}"
        return ", ".join([*self._told, f"total;dur={total_ms:.2f}"])
