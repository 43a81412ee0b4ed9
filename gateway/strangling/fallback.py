"""Reads at the monolith what a service failed to read: once, in the time that is left."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from flags.decide import Decisions
from flags.health import Health
from flags.names import (
    CAPABILITIES,
    COURSE_READ,
    LIVE_CLASS_SCHEDULE,
    PROGRESS_READ,
    Capability,
)
from resolvers.ports import ProgressSource, Sources
from services.contracts.errors import ErrorCode, Refused, UpstreamError
from services.kit.caller import Caller
from services.kit.log import Log

P = TypeVar("P")
Read = Callable[..., Awaitable[Any]]
AWAY = frozenset({ErrorCode.UPSTREAM_TIMEOUT, ErrorCode.UPSTREAM_UNAVAILABLE})
WORTH_S = 0.05
"""Nobody is asked in less time than this."""
READS = tuple(one for one in CAPABILITIES.values() if one.may_fall_back)

log = Log("fallback")


@dataclass(frozen=True, slots=True)
class Reads:
    """What is read of each side; `may` says whether the monolith can be asked instead."""

    health: Health
    may: Callable[[Capability], bool]

    def over(self, service: Sources, legacy: Sources) -> Sources:
        """The service's, for those who are answered by it; whatever it writes stays as it is."""
        read, schedule = COURSE_READ, LIVE_CLASS_SCHEDULE
        return replace(
            service,
            people=self._falling(read, service.people, legacy.people),
            courses=self._falling(read, service.courses, legacy.courses),
            assessments=self._falling(read, service.assessments, legacy.assessments),
            live_classes=self._falling(schedule, service.live_classes, legacy.live_classes),
        )

    def progress(self, service: ProgressSource, legacy: ProgressSource) -> ProgressSource:
        return self._falling(PROGRESS_READ, service, legacy)

    def note(self, decisions: Decisions) -> None:
        """A request was decided so."""
        for capability in READS:
            self.health.routed(capability.name, decisions.side(capability))

    def _falling(self, capability: Capability, service: P, legacy: P) -> P:
        return cast(P, FallingBack(service, legacy, lambda: self.may(capability), capability.name))


class FallingBack:
    """Has the methods of a port for reading: `first` is asked, and `second` for what it failed at.

    A method's first argument is the caller; where the next is a list, so is the answer.
    """

    def __init__(self, first: Any, second: Any, may: Callable[[], bool], capability: str) -> None:
        self._first = first
        self._second = second
        self._may = may
        self._capability = capability

    def __getattr__(self, name: str) -> Read:
        first: Read = getattr(self._first, name)
        second: Read = getattr(self._second, name)

        async def read(caller: Caller, *said: Any) -> Any:
            if said and isinstance(said[0], Sequence):
                return await self._each(first, second, caller, *said)
            return await self._one(first, second, caller, *said)

        # The next one who asks for it finds it without coming here.
        self.__dict__[name] = read
        return read

    async def _one(self, first: Read, second: Read, caller: Caller, *said: Any) -> Any:
        try:
            found = await first(caller, *said)
        except UpstreamError:
            if not self._goes_on(caller, 1):
                raise
            return await second(caller, *said)
        if _is_failed(found) and self._goes_on(caller, 1):
            return await second(caller, *said)
        return found

    async def _each(
        self, first: Read, second: Read, caller: Caller, ids: Sequence[Any], *more: Any
    ) -> Sequence[Any]:
        found = await _items(first, caller, ids, *more)
        missing = [nth for nth, item in enumerate(found) if _is_failed(item)]
        if not missing or not self._goes_on(caller, len(missing)):
            return found
        again = await _items(second, caller, [ids[nth] for nth in missing], *more)
        mended = list(found)
        for nth, item in zip(missing, again, strict=True):
            mended[nth] = found[nth] if _is_failed(item) else item
        return mended

    def _goes_on(self, caller: Caller, missing: int) -> bool:
        if caller.deadline.left_s() <= WORTH_S or not self._may():
            return False
        log.info("fallback.read", capability=self._capability, missing=missing)
        return True


async def _items(ask: Read, caller: Caller, ids: Sequence[Any], *more: Any) -> Sequence[Any]:
    try:
        found: Sequence[Any] = await ask(caller, ids, *more)
    except UpstreamError as failed:
        return [failed.refusal] * len(ids)
    return found


def _is_failed(item: Any) -> bool:
    return isinstance(item, Refused) and item.code in AWAY
