"""What upstreams and Redis were asked meanwhile, as they count it themselves."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from bench.access_log import AccessLog
from bench.meter import SERVICES
from bench.system import System

VERBS = ("GET", "POST")
OLD = "monolith"
COMMAND = "cmdstat_"
OWN = ("info", "hello", "client|setinfo")
EVENTS = "/events"
"""Relays read from their services all the time, whoever asks for anything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """In so many seconds: calls by upstream and path, and Redis' commands, in scripts too."""

    seconds: float
    calls: Counter[str]
    commands: Counter[str]

    def beyond(self, quiet: "Asked") -> tuple[float, float]:
        """Calls and commands more than a quiet time as long would have had."""
        share = self.seconds / quiet.seconds
        calls = self.calls.total() - quiet.calls.total() * share
        return calls, self.commands.total() - quiet.commands.total() * share


@dataclass(frozen=True, slots=True)
class Place:
    at_s: float
    logs: Sequence[int]
    commands: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Askings:
    logs: Sequence[tuple[str, AccessLog]]
    redis: str

    @classmethod
    def of(cls, running: System) -> "Askings":
        upstreams = (OLD, *SERVICES)
        logs = [(one, AccessLog(running.log(one), verb)) for one in upstreams for verb in VERBS]
        return cls(logs, running.at.redis)

    async def place(self) -> Place:
        return Place(time.monotonic(), [log.end() for _, log in self.logs], await self._commands())

    async def since(self, place: Place) -> Asked:
        calls = Counter[str]()
        for (upstream, log), end in zip(self.logs, place.logs, strict=True):
            calls.update(named(upstream, log.since(end)))
        now = Counter(await self._commands())
        return Asked(time.monotonic() - place.at_s, calls, now - Counter(place.commands))

    async def _commands(self) -> dict[str, int]:
        async with Redis.from_url(self.redis) as redis:
            told = await redis.info("commandstats")
        return counted(told)


def named(upstream: str, paths: Sequence[str]) -> list[str]:
    """Each call by its path alone; what relays read is nobody's asking."""
    plain = (path.partition("?")[0] for path in paths)
    return [f"{upstream} {path}" for path in plain if not path.startswith(EVENTS)]


def counted(told: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """How often each command was called; what the bench itself asks is left out."""
    calls = {name.removeprefix(COMMAND): int(one["calls"]) for name, one in told.items()}
    return {name: many for name, many in calls.items() if name not in OWN}
