"""Counts what is held open in this process: by viewer, and by address those who said nothing."""

from collections import Counter
from collections.abc import Hashable
from ipaddress import IPv6Address, ip_address

from gateway.transport.bounds import Bounds

ORDINARY = Bounds()


class Tally:
    """At most `most` of each key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[Hashable] = Counter()

    def take(self, key: Hashable) -> bool:
        """Whether there was room."""
        if self._taken[key] >= self._most:
            return False
        self._taken[key] += 1
        return True

    def give(self, key: Hashable) -> None:
        self._taken[key] -= 1
        if not self._taken[key]:
            del self._taken[key]

    @property
    def total(self) -> int:
        return self._taken.total()


class Crowd:
    """`strangers` have not said who they are; a known one without a name counts by address."""

    def __init__(self, bounds: Bounds = ORDINARY) -> None:
        self.strangers = Tally(bounds.strangers_an_address)
        self.known = Tally(bounds.sockets_a_viewer)

    def arrive(self, host: str) -> "Place | None":
        """None where too many of this address have not said yet who they are."""
        address = network(host)
        return Place(self, address) if self.strangers.take(address) else None


class Place:
    """One socket's; whoever got it gives it back by `leave()`."""

    def __init__(self, crowd: Crowd, address: str) -> None:
        self._crowd = crowd
        self._address = address
        self._owner: Hashable = None

    def introduce(self, who: Hashable) -> bool:
        """Whether there is room for one more of theirs."""
        owner = self._address if who is None else who
        if not self._crowd.known.take(owner):
            return False
        self._owner = owner
        self._crowd.strangers.give(self._address)
        return True

    def leave(self) -> None:
        if self._owner is None:
            self._crowd.strangers.give(self._address)
        else:
            self._crowd.known.give(self._owner)


def network(host: str) -> str:
    """One address of IPv4; of IPv6 the /64 that one household has."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return address.exploded[:19] if isinstance(address, IPv6Address) else host
