"""What a client is told whose operation is not run now: why, when to try again, and what to do."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from secrets import randbits

from gateway.admission.priority import Priority
from gateway.admission.returning import Returning
from gateway.admission.shares import Party
from gateway.bad_request import BadRequest, Refusal
from services.kit.clock import Clock
from services.kit.log import Log

log = Log("admission")
RATE_LIMITED, OVERLOADED = "RATE_LIMITED", "OVERLOADED"
TOO_FAST = Refusal(
    429,
    RATE_LIMITED,
    "You ask for too much at once: slow down.",
    about={"advice": "SLOW_DOWN"},
)
THEY_TOO_FAST = Refusal(
    429,
    RATE_LIMITED,
    "Your institution asks for too much at the moment: try again shortly.",
    about={"advice": "RETRY_LATER"},
)
BUSY = Refusal(
    503,
    OVERLOADED,
    "We are busy at the moment: try again shortly.",
    about={"advice": "RETRY_LATER"},
)
AGAIN_S = {
    Priority.EXAM: 0.5,
    Priority.LIVE_CLASS: 0.5,
    Priority.INTERACTIVE: 1.0,
    Priority.BROWSE: 2.0,
}
EXAM_AGAIN_S = 3.0
"""At most: nobody in an exam is sent away for longer, however many they are."""
LOGGED_EVERY_S = 1.0


def evenly() -> float:
    """Between 0 and 1."""
    return randbits(32) / 2**32


class Refusing:
    """Those who are refused together are told different moments, or they would return so."""

    def __init__(self, clock: Clock, chance: Callable[[], float] = evenly) -> None:
        self._clock = clock
        self._chance = chance
        self._returning = Returning(clock)
        self._counts: Counter[str] = Counter()
        self._logged_s = -math.inf

    def served(self) -> None:
        """One that was let in is done."""
        self._returning.served()

    def busy(self, priority: Priority, party: Party, *, goes_on: bool = False) -> BadRequest:
        """Who goes on comes before those who are new when they are back: they are told no turn."""
        after_s = 0.0 if goes_on else self._returning.after_s(party.tenant, party.room)
        most_s = EXAM_AGAIN_S if priority is Priority.EXAM else after_s
        return self._refused(BUSY, priority, max(AGAIN_S[priority], min(after_s, most_s)))

    def too_many(self, priority: Priority) -> BadRequest:
        """Of one viewer, at once."""
        return self._refused(TOO_FAST, priority, AGAIN_S[priority])

    def too_fast(self, priority: Priority, wait_s: float, *, is_tenant: bool) -> BadRequest:
        return self._refused(THEY_TOO_FAST if is_tenant else TOO_FAST, priority, wait_s)

    def _refused(self, why: Refusal, priority: Priority, again_s: float) -> BadRequest:
        self._count(why.code, priority)
        again_s *= 1 + self._chance()
        about = {**why.about, "retryAfterMs": math.ceil(again_s * 1e3)}
        headers = {"retry-after": str(math.ceil(again_s))}
        return BadRequest(replace(why, headers=headers, about=about))

    def _count(self, code: str, priority: Priority) -> None:
        """One line a second, however many it tells of."""
        self._counts[f"{code}.{priority.name}".lower()] += 1
        now_s = self._clock.monotonic_s()
        if now_s - self._logged_s >= LOGGED_EVERY_S:
            log.warning("admission.refused", **self._counts)
            self._logged_s = now_s
            self._counts.clear()
