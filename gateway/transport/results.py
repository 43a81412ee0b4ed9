"""All that one operation gives, of whichever kind it is, as clients get it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import msgspec
from graphql import OperationType

from gateway.admission.running import run_in
from gateway.admission.slot import FREE, Slot
from gateway.cache.verdict import Outcome
from gateway.errors import payload
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from gateway.locale.tongue import Tongue
from gateway.transport.badge import Badge
from resolvers.sight import Sight

BEGINS_WITHIN_S = 0.25
"""One that has nothing to tell at first holds its slot so long."""


class Run(msgspec.Struct, frozen=True):
    """One operation, and for whom; `received_s` by the door, on the clock's monotonic scale.

    `ends_s`, on the same: the client waits no longer, where the answer comes as a whole.
    """

    engine: Engine
    operation: Operation
    badge: Badge
    received_s: float
    sight: Sight
    request_id: str
    tongue: Tongue
    outcome: Outcome = msgspec.field(default_factory=Outcome)
    slot: Slot = FREE
    ends_s: float | None = None

    @property
    def is_subscription(self) -> bool:
        return self.operation.kind is OperationType.SUBSCRIPTION


async def results(run: Run) -> AsyncGenerator[dict[str, Any], None]:
    """One payload, or one an event. Raises BadToken at the first after its viewer's time."""
    viewer, engine, say = run.badge.viewer, run.engine, run.tongue.say
    if not run.is_subscription:
        running = engine.run(run.operation, viewer, run.received_s, run.sight, say)
        yield payload(await run_in(run.slot, running), run.request_id, say)
        return
    async with aclosing(engine.stream(run.operation, viewer, run.sight, say)) as events:
        async for event in events:
            # Only its beginning is admitted: what comes later comes when it happens.
            run.slot.leave(counts=False)
            run.badge.check()
            yield payload(event, run.request_id, say)
