"""What a learner has on top of what all have."""

from datetime import timedelta

import msgspec

NOTHING = timedelta(0)


class Accommodation(msgspec.Struct, frozen=True):
    multiplier: float = 1.0
    extra: timedelta = NOTHING
    extra_attempts: int = 0

    def plus(self, given: "Accommodation") -> "Accommodation":
        """Of multipliers the greatest counts; the rest adds up."""
        return Accommodation(
            max(self.multiplier, given.multiplier),
            self.extra + given.extra,
            self.extra_attempts + given.extra_attempts,
        )


NO_ACCOMMODATION = Accommodation()
