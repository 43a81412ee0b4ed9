"""What was counted of all days together: who used what, how often, and when last."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.usage.client import Client
from gateway.usage.counting import Place
from gateway.usage.store import LASTS, RedisStore
from services.kit.redis import redis_of

LONGEST_DAYS = LASTS.days
CONNECT_S = 2.0


@dataclass(frozen=True, slots=True)
class Use:
    """One coordinate's by one client; `last` is the day on which it was used last."""

    at: str
    client: Client
    requests: int
    last: date


@dataclass(frozen=True, slots=True)
class Known:
    """`since` is the first day of which there are numbers; None: there are none."""

    uses: tuple[Use, ...]
    since: date | None

    @classmethod
    def of(cls, counts: Mapping[Place, Mapping[str, int]]) -> "Known":
        found: dict[tuple[str, Client], Use] = {}
        for (day, client), numbers in sorted(counts.items()):
            for at, requests in numbers.items():
                before = found.get((at, client))
                total = requests + (before.requests if before else 0)
                found[at, client] = Use(at, client, total, day)
        uses = sorted(found.values(), key=lambda use: (use.at, -use.requests, use.client))
        return cls(tuple(uses), min((place.day for place in counts), default=None))

    def by(self, coordinates: Iterable[str] | None) -> list[Use]:
        """One for each client that used any of them: its most used; None: whatever was used."""
        wanted = None if coordinates is None else set(coordinates)
        most: dict[Client, Use] = {}
        for use in self.uses:
            if wanted is None or use.at in wanted:
                most[use.client] = max(most.get(use.client, use), use, key=_requests)
        return sorted(most.values(), key=_requests, reverse=True)


def read(redis_url: str, today: date, days: int) -> Known:
    """Of so many days, today's too. Raises Away."""
    return asyncio.run(_read(redis_url, [today - timedelta(days=ago) for ago in range(days)]))


async def _read(redis_url: str, days: list[date]) -> Known:
    redis = redis_of(redis_url, socket_connect_timeout=CONNECT_S, socket_timeout=CONNECT_S)
    async with aclosing(redis):
        return Known.of(await RedisStore(redis).of(days))


def _requests(use: Use) -> int:
    return use.requests
