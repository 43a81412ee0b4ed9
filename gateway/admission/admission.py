"""The door's last question, before anything is executed: may this operation run now?"""

import asyncio
from functools import partial

from gateway.admission.concurrency import TOLERANCE, Limit, Pace
from gateway.admission.fairness import Queue, Waiter
from gateway.admission.priority import Priority
from gateway.admission.rate_limit import Denied, Rates
from gateway.admission.refusing import Refusing
from gateway.admission.shares import Party, Shares
from gateway.admission.slot import FREE, Slot, Taken
from gateway.execution.operation import Operation
from services.contracts.viewer import Viewer
from services.kit.clock import Clock

MAY_TAKE = {
    Priority.EXAM: 1.0,
    Priority.LIVE_CLASS: 0.9,
    Priority.INTERACTIVE: 0.8,
    Priority.BROWSE: 0.6,
}
"""How much of the limit may be in use where one more of a priority begins."""
MOST_EXAMS_A_VIEWER = 16
"""At once, beside others: what goes before all else is nobody's way to have it all."""
PATIENCE_S = {Priority.LIVE_CLASS: 1.0, Priority.INTERACTIVE: 1.0, Priority.BROWSE: 0.3}
IN_A_STANDING_QUEUE_S = {
    Priority.LIVE_CLASS: 0.5,
    Priority.INTERACTIVE: 0.25,
    Priority.BROWSE: 0.05,
}
"""A line that does not empty helps nobody: it only makes all who come through it later.

Of each class by itself, as fq_codel does it of flows (RFC 8290): nobody has less patience for the
line of another.
"""
STANDING_S = 0.5
TRIES_S, TRIES = 0.4, 5
"""So long, and as many times its usual duration, it takes to learn how more of them go."""
OF_THE_BUDGET = 0.7
"""So much of a request's time may go by at the door."""


class Admission:
    """`rates` and `limit` are None where the operator wants none."""

    def __init__(
        self,
        clock: Clock,
        limit: Limit | None = None,
        rates: Rates | None = None,
        shares: Shares | None = None,
        budget_s: float = 1.4,
        refusing: Refusing | None = None,
    ) -> None:
        self._clock = clock
        self._limit = limit
        self._rates = rates
        self._shares = shares or Shares()
        self._most_s = budget_s * OF_THE_BUDGET
        self._refusing = refusing or Refusing(clock)
        self._queue = Queue(self._shares)
        self._running = 0

    @property
    def running(self) -> int:
        return self._running

    def pay(self, operation: Operation, viewer: Viewer | None) -> None:
        """Before it is answered, out of the cache too. Raises BadRequest."""
        priority = _priority(operation, viewer)
        denied = self._spend(operation, viewer, priority)
        if denied is not None:
            raise self._refusing.too_fast(priority, denied.wait_s, is_tenant=denied.is_tenant)

    def is_paid(self, operation: Operation, viewer: Viewer) -> bool:
        """As `pay`; what is not paid is to be refused by it."""
        return self._spend(operation, viewer, _priority(operation, viewer)) is None

    def _spend(
        self, operation: Operation, viewer: Viewer | None, priority: Priority
    ) -> Denied | None:
        if self._rates is None:
            return None
        return self._rates.spend(viewer, operation.cost, is_exam=priority is Priority.EXAM)

    async def enter(self, operation: Operation, viewer: Viewer | None, received_s: float) -> Slot:
        """At once where there is room. Raises BadRequest, with what to tell the client."""
        if self._limit is None:
            return FREE
        standing, priority = operation.planned.standing, _priority(operation, viewer)
        tenant, user = (viewer.tenant, viewer.user) if viewer else ("", "")
        party = Party(tenant, standing.room(operation.ask.variables, tenant), user)
        if self._queue or not self._may(party, priority):
            waiter = Waiter(party, priority, asyncio.get_running_loop().create_future())
            await self._wait(waiter, received_s, standing.pace.usual_s)
        else:
            self._take(party)
        began_s, before = self._clock.monotonic_s(), self._running
        return Taken(partial(self._end, party, standing.pace, began_s, before))

    def _may(self, party: Party, priority: Priority) -> bool:
        return self._has_room(party, priority) and self._has_hands(party, priority)

    def _has_room(self, party: Party, priority: Priority) -> bool:
        """Who has less than their share does not wait until those with more have ended."""
        slots = self._slots(party, priority)
        if self._running < slots:
            return True
        if not self._queue.is_first(priority):
            return False
        return self._running < slots * self._shares.excess(party, slots)

    def _slots(self, party: Party, priority: Priority) -> float:
        """Nobody suffers from what is tried by who is alone."""
        if self._limit is None:
            return 0.0
        limit = self._limit
        return MAY_TAKE[priority] * (limit.now if self._shares.is_alone(party) else limit.tried)

    def _has_hands(self, party: Party, priority: Priority) -> bool:
        runs = self._shares.of_viewer(party.tenant, party.user)
        if priority is not Priority.EXAM or runs < MOST_EXAMS_A_VIEWER:
            return True
        return self._shares.is_alone(party)

    def _take(self, party: Party, *, came_first: bool = False) -> None:
        self._running += 1
        self._shares.take(party)
        self._queue.let_in(party, came_first=came_first)

    def _give(self, party: Party) -> None:
        self._running -= 1
        self._shares.give(party)
        if self._queue:
            self._fill()

    def _end(
        self, party: Party, pace: Pace, began_s: float, before: int, counts: bool, failed: bool
    ) -> None:
        now_s = self._clock.monotonic_s()
        self._refusing.served()
        if counts and self._limit is not None:
            slowdown = pace.slowdown(now_s - began_s, self._running)
            self._limit.sample(slowdown, before, self._running, now_s)
        elif failed and self._limit is not None:
            slowdown = pace.beside(now_s - began_s)
            # What fails at once says nothing of how busy anybody is.
            if slowdown > TOLERANCE:
                self._limit.sample(slowdown, before, self._running, now_s, is_sick=True)
        self._give(party)

    def _fill(self) -> None:
        """Whoever is next and may run does."""
        while (found := self._queue.next(self._may_run)) is not None:
            # One whose client has just left is over already.
            if not found.granted.done():
                self._take(found.party, came_first=found.goes_on)
                found.granted.set_result(True)

    def _may_run(self, waiter: Waiter) -> bool:
        return self._may(waiter.party, waiter.priority)

    async def _wait(self, waiter: Waiter, received_s: float, usual_s: float) -> None:
        """Returns with a slot taken; raises BadRequest without one."""
        is_crowded = not self._is_untried(waiter)
        goes = self._queue.join(waiter, self._clock.monotonic_s(), is_crowded=is_crowded)
        if goes is not None and not goes.granted.done():
            goes.granted.set_result(self._takes_untried(goes))
        # Nobody who waited before may run by its coming.
        if self._may_run(waiter):
            self._fill()
        if not await self._is_granted(waiter, received_s, usual_s):
            raise self._refused(waiter)

    async def _is_granted(self, waiter: Waiter, received_s: float, usual_s: float) -> bool:
        """Or sent away, or its patience has ended."""
        try:
            async with asyncio.timeout(self._patience_s(waiter, received_s, usual_s)):
                return await waiter.granted
        except TimeoutError:
            if not waiter.granted.cancelled():
                return waiter.granted.result()
            self._forget(waiter)
            return self._takes_untried(waiter)
        except asyncio.CancelledError:
            self._forget(waiter)
            raise

    def _takes_untried(self, waiter: Waiter) -> bool:
        """Nobody is refused for what nobody has seen."""
        is_untried = self._is_untried(waiter)
        if is_untried:
            self._take(waiter.party, came_first=waiter.goes_on)
        return is_untried

    def _is_untried(self, waiter: Waiter) -> bool:
        """It waits only because nobody knows how it goes when so many run."""
        slots = MAY_TAKE[waiter.priority] * (self._limit.now if self._limit else 0.0)
        return self._running < slots and self._has_hands(waiter.party, waiter.priority)

    def _forget(self, waiter: Waiter) -> None:
        if waiter.waits:
            self._queue.leave(waiter)
        elif not waiter.granted.cancelled() and waiter.granted.result():
            self._give(waiter.party)

    def _patience_s(self, waiter: Waiter, received_s: float, usual_s: float) -> float:
        """Who has less than their share, or goes on, does not wait behind their line."""
        now_s = self._clock.monotonic_s()
        left_s = max(0.0, self._most_s - (now_s - received_s))
        if self._is_untried(waiter):
            return min(left_s, max(TRIES_S, TRIES * usual_s), PATIENCE_S[Priority.INTERACTIVE])
        stands = now_s - waiter.line_since_s > STANDING_S and not self._is_next(waiter)
        patience = IN_A_STANDING_QUEUE_S if stands else PATIENCE_S
        return min(left_s, patience.get(waiter.priority, left_s))

    def _is_next(self, waiter: Waiter) -> bool:
        slots = self._slots(waiter.party, waiter.priority)
        return waiter.goes_on or self._shares.excess(waiter.party, slots) > 1.0

    def _refused(self, waiter: Waiter) -> Exception:
        if self._has_hands(waiter.party, waiter.priority):
            return self._refusing.busy(waiter.priority, waiter.party, goes_on=waiter.goes_on)
        return self._refusing.too_many(waiter.priority)


def _priority(operation: Operation, viewer: Viewer | None) -> Priority:
    standing = operation.planned.standing
    return standing.priority(operation.cost, is_known=viewer is not None)
