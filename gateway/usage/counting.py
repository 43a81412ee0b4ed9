"""Counts what clients use of the contract, at next to no cost for a request."""

from collections import Counter
from datetime import date
from typing import NamedTuple, TypeAlias

from gateway.usage.client import OTHERS, UNNAMED, Client
from gateway.usage.fields import NOTHING
from services.kit.clock import Clock
from services.kit.log import Log

log = Log("usage")
MOST_CLIENTS = 256
"""Names and versions a day that one process tells apart: nobody fills Redis with names."""
MOST_ALIKE = 256
"""Kinds of requests that are counted before they are taken apart."""
MOST_COUNTS = 100_000
"""Numbers that are kept while Redis is away."""


class Place(NamedTuple):
    """Where a number belongs."""

    day: date
    client: Client


Counts: TypeAlias = dict[Place, Counter[str]]
"""Requests, by coordinate."""


class Counting:
    """A request costs one addition; it is taken apart later, together with those like it."""

    def __init__(
        self, clock: Clock, most_clients: int = MOST_CLIENTS, most_counts: int = MOST_COUNTS
    ) -> None:
        self._clock = clock
        self._most_clients = most_clients
        self._most_counts = most_counts
        self._day = clock.now().date()
        self._clients: set[Client] = set()
        self._alike: Counter[tuple[Client, frozenset[str], frozenset[str]]] = Counter()
        self._counts: Counts = {}
        self._size = 0

    def add(
        self, client: Client, coordinates: frozenset[str], given: frozenset[str] = NOTHING
    ) -> None:
        """One request: what its document names, and beside it what its variables do."""
        self._alike[self._known(client), coordinates, given] += 1
        if len(self._alike) > MOST_ALIKE:
            self._take_apart()

    def sort(self) -> None:
        """To be called every few seconds: what is sorted counts for the day that it is."""
        self._take_apart()
        today = self._clock.now().date()
        if today != self._day:
            self._day = today
            self._clients.clear()

    def take(self) -> Counts:
        """All that is sorted and was not taken yet."""
        taken, self._counts, self._size = self._counts, {}, 0
        return taken

    def _known(self, client: Client) -> Client:
        if client in self._clients or client is UNNAMED:
            return client
        if len(self._clients) >= self._most_clients:
            return OTHERS
        self._clients.add(client)
        if len(self._clients) == self._most_clients:
            log.warning("usage.many_clients", told_apart=self._most_clients)
        return client

    def _take_apart(self) -> None:
        lost = 0
        for (client, coordinates, given), requests in self._alike.items():
            counted = self._counts.setdefault(Place(self._day, client), Counter())
            for coordinate in (*coordinates, *given):
                if self._has_room(counted, coordinate):
                    counted[coordinate] += requests
                else:
                    lost += 1
        self._alike.clear()
        if lost:
            log.error("usage.lost", numbers=lost)

    def _has_room(self, counted: Counter[str], coordinate: str) -> bool:
        is_new = coordinate not in counted
        self._size += is_new
        if self._size <= self._most_counts:
            return True
        self._size -= is_new
        return not is_new
