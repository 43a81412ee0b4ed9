"""Stands before one upstream: lets calls through, holds some back, and repeats what may be."""

from collections.abc import Callable
from functools import partial

from gateway.upstream.breaker import Breaker, State
from gateway.upstream.budget import Budget
from gateway.upstream.bulkhead import Bulkhead
from gateway.upstream.counts import Count
from gateway.upstream.hedge import Hedge
from gateway.upstream.outcome import Outcome, of_error, of_reply
from gateway.upstream.pace import Pace
from gateway.upstream.repeating import Repeating
from gateway.upstream.terms import Terms
from gateway.upstream.throttle import Throttle
from services.contracts.errors import UpstreamError, UpstreamResting, UpstreamThrottled
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply, Transport

HEDGES, MOST_HEDGES = 0.05, 5.0
"""Their share of all calls."""
SOONEST_S = 0.02
"""Who answers sooner than that is not waited for any less by asking twice."""


class Guard:
    """A Transport. `dice` is even in (0, 1]."""

    def __init__(
        self,
        name: str,
        through: Transport,
        terms: Terms,
        clock: Clock,
        dice: Callable[[], float],
        may_open: Callable[[], bool],
        count: Count,
    ) -> None:
        self._name = name
        self._through = through
        self._terms = terms
        self._clock = clock
        self._count = count
        self._bulkhead = Bulkhead(terms.at_once, terms.waiting)
        self._breaker = Breaker(name, may_open, dice)
        self._throttle = Throttle(dice)
        self._pace = Pace()
        self._hedges = Budget(HEDGES, MOST_HEDGES)
        self._repeating = Repeating(self._once, dice)

    @property
    def state(self) -> State:
        return self._breaker.state

    @property
    def under_way(self) -> int:
        return self._bulkhead.inside

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Raises an UpstreamError, of which an UpstreamSpared is our own doing."""
        try:
            return await self._repeating.send(call, deadline)
        except UpstreamError as failed:
            self._count(self._name, type(failed).__name__)
            raise

    async def _once(self, call: Call, deadline: Deadline) -> Reply:
        """And a second time where it is slow."""
        self._hedges.earn()
        after_s = self._pace.p95_s
        if after_s is None or not (call.is_read and self._terms.hedges and self._breaker.is_well):
            return await self._passed(call, deadline)
        hedge = Hedge(partial(self._passed, call, deadline), self._may_hedge)
        return await hedge.first(self._passed(call, deadline), max(after_s, SOONEST_S))

    def _may_hedge(self) -> bool:
        has_room = self._bulkhead.inside < self._terms.at_once
        return has_room and self._breaker.is_well and self._hedges.spend()

    async def _passed(self, call: Call, deadline: Deadline) -> Reply:
        """Past breaker, throttle and bulkhead."""
        if self._breaker.rests(self._clock.monotonic_s()):
            raise UpstreamResting(f"{self._name} is left alone for a moment")
        await self._bulkhead.enter(deadline)
        try:
            return await self._sent(call, deadline)
        finally:
            self._bulkhead.leave()

    async def _sent(self, call: Call, deadline: Deadline) -> Reply:
        began_s = self._clock.monotonic_s()
        era = self._breaker.enter(began_s)
        if era is None:
            raise UpstreamResting(f"{self._name} is left alone for a moment")
        if self.state is State.CLOSED and not self._throttle.lets_through(began_s):
            raise UpstreamThrottled(f"{self._name} fails too many calls to be sent this one")
        is_fair = deadline.ends_s - began_s >= self._terms.fair_s
        outcome = Outcome.NEITHER
        try:
            reply = await self._through.send(call, deadline)
            outcome = of_reply(reply, is_fair=is_fair)
            return reply
        except UpstreamError as failed:
            outcome = of_error(failed, is_fair=is_fair)
            raise
        finally:
            self._note(era, began_s, outcome)

    def _note(self, era: int, began_s: float, outcome: Outcome) -> None:
        now_s = self._clock.monotonic_s()
        if self._breaker.note(now_s, era, outcome):
            self._throttle.forget()
        if outcome is not Outcome.NEITHER:
            self._throttle.note(now_s, is_good=outcome is Outcome.WELL)
        if outcome is Outcome.WELL:
            self._pace.note(now_s - began_s)
