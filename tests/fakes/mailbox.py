"""A mailbox of a fake room: what was sent to one participant."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from services.contracts.classroom import Gap, Participant, Signal, SignalKind, SignalNews

MOST_SIGNALS = 256
EPOCHS = count(1)


@dataclass
class FakeMailbox:
    """`dropped` fell out of it at its old end; a cursor of another mailbox says nothing here."""

    signals: list[Signal] = field(default_factory=list)
    dropped: int = 0
    epoch: str = field(default_factory=lambda: f"box{next(EPOCHS)}")

    def put(self, sender: Participant, kind: SignalKind, payload: str, at: datetime) -> str:
        cursor = self._at(self.last + 1)
        self.signals.append(Signal(cursor, sender, kind, payload, at))
        self.dropped += len(self.signals) > MOST_SIGNALS
        self.signals = self.signals[-MOST_SIGNALS:]
        return cursor

    def read(self, after: str | None, *, is_over: bool) -> SignalNews:
        seen = self.dropped if after is None else self._seen(after)
        missed = max(1, self.dropped) if seen is None else self.dropped - seen
        gap = [Gap(self._at(self.dropped), missed)] if missed > 0 else []
        rest = self.signals[max(0, (seen or 0) - self.dropped) :]
        return SignalNews([*gap, *rest], self._at(self.last), is_over)

    @property
    def last(self) -> int:
        return self.dropped + len(self.signals)

    def _seen(self, after: str) -> int | None:
        """None: nobody knows."""
        epoch, _, number = after.partition("-")
        return int(number) if epoch == self.epoch else None

    def _at(self, number: int) -> str:
        return f"{self.epoch}-{number}"
