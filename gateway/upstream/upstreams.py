"""All upstreams behind their guards: what one of them does is no other's business."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from gateway.upstream.breaker import State
from gateway.upstream.counts import Count, uncounted
from gateway.upstream.guard import Guard
from gateway.upstream.terms import Terms
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply, Transport


class Upstreams:
    """A Transport that sends each call through its upstream's guard.

    At most half of all are left alone at once (Envoy's max_ejection_percent): when all seem to
    fail it may well be us. `dice` is even in (0, 1].
    """

    def __init__(self, clock: Clock, dice: Callable[[], float], count: Count = uncounted) -> None:
        self._clock = clock
        self._dice = dice
        self._count = count
        self._guards: dict[str, Guard] = {}

    def add(self, names: Iterable[str], through: Transport, terms: Terms) -> None:
        for name in names:
            may_open = partial(self._may_open, name)
            self._guards[name] = Guard(
                name, through, terms, self._clock, self._dice, may_open, self._count
            )

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Raises an UpstreamError, and KeyError for an upstream that was not added."""
        return await self._guards[call.upstream].send(call, deadline)

    @property
    def standing(self) -> Mapping[str, State]:
        """How each stands now, by its name."""
        return {name: guard.state for name, guard in self._guards.items()}

    def _may_open(self, name: str) -> bool:
        others = [guard for other, guard in self._guards.items() if other != name]
        left_alone = sum(guard.state is not State.CLOSED for guard in others)
        return 2 * (left_alone + 1) <= len(self._guards)
