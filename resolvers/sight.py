"""What the viewer of one request has seen: what they said they had, and all since."""

from itertools import islice

from services.contracts.freshness import Seen, merged

MOST_READ = 16
"""So that one page of many things does not crowd out what somebody has written."""


class Sight:
    """Grows while the request is answered; a subscription's lasts as long as it does."""

    def __init__(self, said: Seen | None = None) -> None:
        self._said: Seen = said or {}
        self._read: dict[str, int] = {}
        self._written: dict[str, int] = {}

    @property
    def now(self) -> dict[str, int]:
        """What matters most comes first: what was written, then what was read, then the rest."""
        newest = dict(islice(reversed(self._read.items()), MOST_READ))
        return merged(self._written, newest, self._said)

    def hears(self, seen: Seen) -> None:
        """What the viewer says in an argument."""
        self._said = merged(seen, self._said)

    def reads(self, seen: Seen) -> None:
        _add(self._read, seen)

    def writes(self, seen: Seen) -> None:
        _add(self._written, seen)


def _add(known: dict[str, int], seen: Seen) -> None:
    """In place: a page of many things reads as many times."""
    for stream, version in seen.items():
        known[stream] = max(version, known.get(stream, 0))
