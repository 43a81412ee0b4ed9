"""Reads how a capability stands as everybody may read it, and notes each change of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench import report
from services.contracts.status import RouteMode
from services.kit.clock import SystemClock

LOOK_EVERY_S = 0.1
STATUS = "{ platformStatus { capabilities { name mode servicePercent reason } } }"


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds from when the service began to fail."""

    at_s: float
    what: str


@dataclass(frozen=True, slots=True)
class Standing:
    mode: RouteMode
    reason: str | None

    def told(self) -> str:
        mode = self.mode.lower().replace("_", " ")
        return f"{mode}: {self.reason}" if self.reason else f"{mode} again"


@dataclass
class Watch:
    """`moments` in order; they begin with `begin()`."""

    gateway: str
    capability: str
    moments: list[Moment] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._http = httpx.AsyncClient(trust_env=False, timeout=5.0)
        self._clock = SystemClock()
        self._began_s = self._clock.monotonic_s()
        self._last: Standing | None = None

    def begin(self, what: str) -> None:
        self._began_s = self._clock.monotonic_s()
        self.note(what)

    def note(self, what: str) -> float:
        at_s = self._clock.monotonic_s() - self._began_s
        self.moments.append(Moment(at_s, what))
        return at_s

    async def until(
        self, claim: Callable[[RouteMode], bool], most_s: float, waiting: str
    ) -> float | None:
        """Seconds from the beginning until it was so; None where it did not come true in time."""
        ends_s = self._clock.monotonic_s() + most_s
        with report.progress() as bar:
            task = bar.add_task(waiting, total=None)
            while self._clock.monotonic_s() < ends_s:
                standing = await self._look()
                if standing is not None:
                    bar.update(task, description=f"{waiting} ({standing.mode.lower()})")
                    if claim(standing.mode):
                        return self._clock.monotonic_s() - self._began_s
                await asyncio.sleep(LOOK_EVERY_S)
        return None

    async def _look(self) -> Standing | None:
        """None where the gateway is too busy to say."""
        told = await self._capabilities()
        if told is None:
            return None
        own = next(one for one in told if one["name"] == self.capability)
        standing = Standing(RouteMode(own["mode"]), own["reason"])
        if self._last is not None and standing != self._last:
            self.note(standing.told())
        self._last = standing
        return standing

    async def _capabilities(self) -> list[dict[str, Any]] | None:
        answer = await self._http.post(f"{self.gateway}/graphql", json={"query": STATUS})
        told: dict[str, Any] = answer.json().get("data") or {}
        status: dict[str, Any] = told.get("platformStatus") or {}
        return status.get("capabilities")

    async def close(self) -> None:
        await self._http.aclose()
