"""What all learners of one process heard, counted where it arrives."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Heard:
    """Seconds `took` from a mutation until their own event, `answered` until it was taken, `hands`
    until a hand was raised or lowered. `again` counts what was sent again, by why, and
    subscriptions that ended and were begun `anew`. `moments` are milliseconds of the monotonic
    clock, by the number of what all are told.
    """

    took: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    hands: list[float] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    anew: int = 0
    skipped: int = 0
    repeated: int = 0
    moments: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
