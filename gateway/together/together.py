"""Asks one question for many callers at once, each for what is their own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from gateway.together.gathering import Gathering, Wanted
from services.contracts.completions import told_by_sides
from services.contracts.errors import UpstreamTimeout
from services.contracts.freshness import Seen
from services.contracts.ids import TenantId
from services.contracts.viewer_headers import nobody
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline

I = TypeVar("I")  # noqa: E741
A = TypeVar("A")

AskMany = Callable[[Caller, Sequence[I], Seen], Awaitable[Sequence[A]]]
"""On behalf of nobody, whose tenant counts; raises an UpstreamError."""
IsOld = Callable[[A, Seen], bool]
"""By what its caller has seen."""


def never_old(answer: object, seen: Seen) -> bool:
    return False


class Together(Generic[I, A]):
    """What callers of one tenant want within a moment goes out as one call of its own time."""

    def __init__(
        self,
        ask_many: AskMany[I, A],
        clock: Clock,
        budget_s: float,
        is_old: IsOld[A] = never_old,
    ) -> None:
        self._ask_many = ask_many
        self._clock = clock
        self._budget_s = budget_s
        self._is_old = is_old
        self._gatherings: dict[TenantId, Gathering[I, A]] = {}

    async def ask(
        self, caller: Caller, items: Sequence[I], alone: Callable[[], Awaitable[Sequence[A]]]
    ) -> Sequence[A]:
        """`alone` asks for this caller: where nobody else does, or where what all were told is
        older than what they have seen. Raises an UpstreamError."""
        gathering = self._of(caller.viewer.tenant)
        answer: asyncio.Future[list[A] | None] = asyncio.get_running_loop().create_future()
        wanted = Wanted(items, told_by_sides(caller.seen), answer)
        gathering.add(wanted)
        try:
            found = await _within(caller.deadline, wanted)
            if found is None or any(self._is_old(one, caller.seen) for one in found):
                return await alone()
            return found
        finally:
            gathering.leave(wanted)

    async def close(self) -> None:
        for gathering in list(self._gatherings.values()):
            await gathering.close()

    def _of(self, tenant: TenantId) -> Gathering[I, A]:
        known = self._gatherings.get(tenant)
        if known is None:
            known = Gathering(partial(self._ask_all, tenant), partial(self._forget, tenant))
            self._gatherings[tenant] = known
        return known

    def _forget(self, tenant: TenantId) -> None:
        self._gatherings.pop(tenant, None)

    async def _ask_all(self, tenant: TenantId, items: Sequence[I], seen: Seen) -> Sequence[A]:
        deadline = Deadline.within(self._clock, self._budget_s)
        return await self._ask_many(Caller(nobody(tenant), deadline), items, seen)


async def _within(deadline: Deadline, wanted: Wanted[I, A]) -> list[A] | None:
    try:
        async with deadline.guard():
            return await wanted.answer
    except TimeoutError as late:
        raise UpstreamTimeout("asked together with others") from late
