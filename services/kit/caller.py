"""On whose behalf a source is asked, how long they wait, and since when."""

from dataclasses import dataclass, field

from services.contracts.freshness import Seen
from services.contracts.viewer import Viewer
from services.kit.deadline import Deadline
from services.kit.trail import Trail


@dataclass(frozen=True, slots=True)
class Caller:
    """`received_s`: when their request came in, on the monotonic scale of the deadline's clock.

    They have `seen` so much, and are to be told no less. Where there is a `trail`, whoever answers
    out of what is kept says there what that was. Rights are judged `anew` where what was so a
    moment ago will not do.
    """

    viewer: Viewer
    deadline: Deadline
    received_s: float | None = None
    seen: Seen = field(default_factory=dict, hash=False)
    trail: Trail | None = field(default=None, hash=False, compare=False)
    anew: bool = False

    def waited_ms(self) -> int:
        """How long the request has been under way with us."""
        if self.received_s is None:
            return 0
        return max(0, round((self.deadline.clock.monotonic_s() - self.received_s) * 1000))
