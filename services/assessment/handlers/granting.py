"""Grants learners time and attempts: each one in a transaction of their own, all under one key."""

import asyncio
from datetime import timedelta

from msgspec import Struct

from services.assessment.handlers.assessments import judged
from services.assessment.handlers.reach import about, reach
from services.assessment.handlers.settle import keep
from services.assessment.model.accommodation import NO_ACCOMMODATION, Accommodation
from services.assessment.model.act import Act
from services.assessment.model.decision import Changed
from services.assessment.model.grant import extend, granted
from services.assessment.model.place import Place
from services.assessment.model.prior import prior
from services.assessment.store import learners
from services.commands.bus import Bus, Handler, Order
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.assessment_api import Grant
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import learner_id
from services.contracts.supervising import TimeGranted

AT_ONCE = 4
LONGEST_S = 10**9
"""Beyond it no span is a span; what may be granted is much less."""

LEARNERS = """
SELECT count(*) FROM enrolments
WHERE tenant_id = $1 AND course_id = $2 AND user_id = ANY ($3::bigint[]) AND role = 'LEARNER'
"""
GIVE = """
WITH given AS (
    INSERT INTO grants (tenant_id, assessment_id, user_id, data, by)
    VALUES ($1, $2, $3, $7::jsonb, $8)
)
INSERT INTO accommodations
    (tenant_id, assessment_id, user_id, multiplier, extra_s, extra_attempts)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, assessment_id, user_id) DO UPDATE SET
    multiplier = excluded.multiplier, extra_s = excluded.extra_s,
    extra_attempts = excluded.extra_attempts
"""


class GrantOne(Struct, frozen=True):
    """A Grant to one learner; it has been judged."""

    assessment: int
    learner: int
    extra_s: int
    multiplier: float
    extra_attempts: int
    reason: str

    @property
    def more(self) -> Accommodation:
        extra = timedelta(seconds=max(-1, min(self.extra_s, LONGEST_S)))
        return Accommodation(self.multiplier, extra, self.extra_attempts)


class Granting:
    """The key is taken for the whole, then one of each learner's own: sent again, it goes on."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def grant(self, order: Order[Grant]) -> TimeGranted | Refused:
        reply = await self._bus.execute(JUDGE, order)
        if isinstance(reply, Refused):
            return reply
        refused = (done for done in await self._all(order) if isinstance(done, Refused))
        return next(refused, reply)

    async def _all(self, order: Order[Grant]) -> list[TimeGranted | Refused]:
        turns = asyncio.Semaphore(AT_ONCE)
        try:
            async with asyncio.TaskGroup() as work:
                tasks = [work.create_task(self._one(turns, one)) for one in _each(order)]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
        return [task.result() for task in tasks]

    async def _one(self, turns: asyncio.Semaphore, order: Order[GrantOne]) -> TimeGranted | Refused:
        async with turns:
            return await self._bus.execute(GIVE_ONE, order)


async def judge_all(work: UnitOfWork, command: Grant) -> TimeGranted:
    """To all of them or to nobody."""
    found = await judged(work, command.assessment, proctors=True)
    _added(NO_ACCOMMODATION, _one_of(command, 0))
    named, course = sorted(set(command.learners)), found.definition.course
    if await work.db.fetchval(LEARNERS, work.actor.tenant, course, named) != len(named):
        raise Refusal(HIDDEN)
    return _granted(work, command.learners)


async def give_one(work: UnitOfWork, command: GrantOne) -> TimeGranted:
    tenant, assessment, learner = work.actor.tenant, command.assessment, command.learner
    await learners.lock(work.db, tenant, assessment, learner)
    found = await learners.load(work.db, tenant, assessment, learner, learner)
    if found is None:
        raise Refusal(HIDDEN)
    more = _added(found.accommodation, command)
    numbers = (more.multiplier, int(more.extra.total_seconds()), more.extra_attempts)
    by = int(work.actor.user)
    await work.db.execute(GIVE, tenant, assessment, learner, *numbers, command, by)
    running = prior(found.mine, found.past).running
    if running is not None:
        await _extend(work, running.place, more, command.reason)
    return _granted(work, [learner])


async def _extend(work: UnitOfWork, where: Place, more: Accommodation, reason: str) -> None:
    found = await reach(work, where)
    act = Act(int(work.actor.user), reason, found.when.now)
    decision = extend(found.attempt, found.definition, more, act)
    if isinstance(decision, Changed):
        await keep(work, about(found), decision)


def _added(before: Accommodation, command: GrantOne) -> Accommodation:
    """Raises Refusal."""
    found = granted(before, command.more, command.reason)
    if isinstance(found, Refused):
        raise Refusal(found)
    return found


def _each(order: Order[Grant]) -> list[Order[GrantOne]]:
    return [
        Order(
            order.actor,
            f"{order.key}/{learner}",
            _one_of(order.command, learner),
            order.traceparent,
            order.since_s,
        )
        for learner in sorted(set(order.command.learners))
    ]


def _one_of(command: Grant, learner: int) -> GrantOne:
    return GrantOne(
        command.assessment,
        learner,
        command.extra_s,
        command.multiplier,
        command.extra_attempts,
        command.reason,
    )


def _granted(work: UnitOfWork, named: list[int]) -> TimeGranted:
    tenant = work.actor.tenant
    return TimeGranted([learner_id(tenant, one) for one in named])


JUDGE = Handler("grant", judge_all, TimeGranted)
GIVE_ONE = Handler("grant-one", give_one, TimeGranted)
