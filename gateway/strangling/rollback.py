"""Rolls capabilities back whose services are sick, in all gateway processes alike.

Each process tells the others what it saw and is told what all saw, looks whether anything has to
change, and follows what was changed by whomever. Without the others it goes by what it sees itself.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn, Protocol

import msgspec

from flags.budget import Budget
from flags.client import Flags
from flags.fleet import Away, Fleet, MemoryFleet, Shared
from flags.health import NOTHING, Counts, Health
from flags.hold import Hold
from flags.names import ASSESSMENT_ATTEMPTS, ASSESSMENT_READ, CAPABILITIES, Capability
from flags.rollback import NEVER, Pace, Phase, State, advance
from services.contracts.status import Incident, RouteMode
from services.kit.clock import Clock
from services.kit.ending import heed_cancellation
from services.kit.log import Log

LOOK_EVERY_S = 0.5
IN_USE = 0.01
"""The share of requests from which on the monolith is said to be in use."""
AT_THE_SERVICE = frozenset({RouteMode.CANARY, RouteMode.SERVICE, RouteMode.ROLLED_BACK})
GOES_WITH: Mapping[str, str] = MappingProxyType({ASSESSMENT_ATTEMPTS.name: ASSESSMENT_READ.name})
"""Who begins on the service reads lists there: the first is held where the second one is."""

log = Log("rollback")


class Told(Protocol):
    """Somebody who is to know that something changed, as the server of the flags."""

    async def __call__(self, capability: str, state: State) -> None: ...


async def tell_nobody(capability: str, state: State) -> None: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """Without a budget nothing is rolled back; what is held comes back by its time alone."""

    budget: Budget | None
    pace: Pace
    told: Told = tell_nobody

    def budget_of(self, capability: Capability) -> Budget | None:
        return self.budget.of(capability.bears) if self.budget else None


class Rollback:
    """`run()` looks while it runs."""

    def __init__(
        self, flags: Flags, health: Health, fleet: Fleet, clock: Clock, terms: Terms
    ) -> None:
        self._flags = flags
        self._health = health
        self._fleet = fleet
        self._terms = terms
        self._own = MemoryFleet(clock)
        self._shared = Shared(0.0)
        self._known: dict[str, State] = {}
        self._is_alone = False

    async def run(self) -> NoReturn:
        while True:
            await self.look()
            # The library may swallow that this task was cancelled.
            heed_cancellation()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Once: what it sees, what that changes, and what is held from now on."""
        since = {name: state.since_s for name, state in self._known.items()}
        fleet, self._shared = await self._exchanged(self._health.take(), since)
        before, self._known = self._known, await self._newest(fleet, self._shared.states)
        for name in self._judged():
            # What was counted is not from before a state that this process knew.
            if self._known.get(name) == before.get(name):
                await self._advance(fleet, name)
        self._own.states = dict(self._known)
        self._flags.hold(holds_of(self._known))

    def lately(self, capability: Capability) -> Counts:
        """Of all processes, in the last minute."""
        return self._shared.long.get(capability.name, NOTHING)

    def uses_monolith(self, capability: Capability) -> bool:
        """Whether the monolith is asked often enough to be there for more."""
        state = self._known.get(capability.name, NEVER)
        return state.phase is not Phase.OPEN or self.lately(capability).legacy_share >= IN_USE

    async def incidents(self, most: int) -> list[Incident]:
        """The last ones first; none where nobody can be asked."""
        try:
            return await self._fleet.latest(most)
        except Away:
            return await self._own.latest(most)

    async def _exchanged(
        self, told: Mapping[str, Counts], since: Mapping[str, float]
    ) -> tuple[Fleet, Shared]:
        try:
            shared = await self._fleet.exchange(told, since)
        except Away as away:
            if not self._is_alone:
                log.warning("rollback.alone", why=str(away))
            self._is_alone = True
            return self._own, await self._own.exchange(told, since)
        self._is_alone = False
        self._own.follow(shared)
        self._own.note(told)
        return self._fleet, shared

    async def _newest(self, fleet: Fleet, states: Mapping[str, State]) -> dict[str, State]:
        """What this process knows and the others do not is told: Redis may have lost it."""
        newest = dict(states)
        for name, own in self._known.items():
            theirs = states.get(name)
            if theirs is None or own.since_s > theirs.since_s:
                newest[name] = own
                await _changed(fleet, name, theirs, own)
        return newest

    def _judged(self) -> list[str]:
        """What somebody is answered by its service, or is not because it is held."""
        modes = {one.capability.name: one.mode for one in self._flags.standing()}
        return [name for name in CAPABILITIES if modes[name] in AT_THE_SERVICE]

    async def _advance(self, fleet: Fleet, name: str) -> None:
        old, terms = self._known.get(name), self._terms
        state, seen = old or NEVER, self._shared.seen(name)
        budget = terms.budget_of(CAPABILITIES[name])
        new = advance(state, self._shared.now_s, seen, budget, terms.pace)
        if new is state or not await _changed(fleet, name, old, new):
            return
        self._known[name] = new
        _log(name, new, seen.long)
        for recorder in (self._own, fleet):
            await _recorded(recorder, name, new)
        await terms.told(name, new)


def holds_of(states: Mapping[str, State]) -> dict[str, Hold]:
    held = {name: state.hold(name) for name, state in states.items() if name in CAPABILITIES}
    holds = {name: hold for name, hold in held.items() if hold is not None}
    for name, other in GOES_WITH.items():
        if other in holds and (name not in holds or holds[name].percent > holds[other].percent):
            holds[name] = msgspec.structs.replace(holds[other], capability=name)
    return holds


async def _changed(fleet: Fleet, name: str, old: State | None, new: State) -> bool:
    try:
        return await fleet.change(name, old, new)
    except Away:
        return False


async def _recorded(fleet: Fleet, name: str, state: State) -> None:
    try:
        await fleet.record(state.incident(name))
    except Away as away:
        log.warning("rollback.unrecorded", why=str(away), capability=name)


def _log(capability: str, state: State, seen: Counts) -> None:
    about: dict[str, Any] = {"capability": capability, "percent": state.percent, "why": state.why}
    about |= {"calls": seen.calls, "failed": seen.failed, "slow": seen.slow}
    if state.phase is Phase.HELD:
        log.error("rollback.held", hold_s=state.hold_s, **about)
    else:
        log.warning(f"rollback.{state.phase.lower()}", **about)
