"""All that one operation gives, of whichever kind it is, as clients get it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec
from graphql import ExecutionResult, OperationType

from gateway.admission.running import run_in
from gateway.admission.slot import FREE, Slot
from gateway.cache.verdict import Outcome
from gateway.errors import payload
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from gateway.locale.tongue import Tongue
from gateway.transport.badge import Badge
from gateway.transport.mailbox import Mailbox
from resolvers.sight import Sight


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


async def results(run: Run) -> AsyncGenerator[bytes, None]:
    """One payload, or one an event. Raises BadToken at the first after its viewer's time."""
    if run.is_subscription:
        async with aclosing(_events(run)) as events:
            async for event in events:
                yield event
        return
    running = run.engine.run(
        run.operation, run.badge.viewer, run.received_s, run.sight, run.tongue.say
    )
    yield _encoded(run, await run_in(run.slot, running))


async def _events(run: Run) -> AsyncGenerator[bytes, None]:
    """Only its beginning is admitted: what comes later comes when it happens."""
    groups, member = run.engine.groups, Mailbox(run.badge)
    try:
        wrong = await groups.join(member, run.engine, run.operation, run.sight, run.tongue)
        run.slot.leave(counts=False)
        if wrong is not None:
            yield _encoded(run, wrong)
            return
        while (event := await member.next()) is not None:
            yield event
    finally:
        groups.leave(member)


def _encoded(run: Run, result: ExecutionResult) -> bytes:
    return msgspec.json.encode(payload(result, run.request_id, run.tongue.say))
