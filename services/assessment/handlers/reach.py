"""How a command reaches what it is about: the attempt it names, locked, if the asker may."""

from dataclasses import replace
from datetime import timedelta

from services.assessment.handlers.settle import About, keep
from services.assessment.model.moment import moment
from services.assessment.model.outage import credited
from services.assessment.model.place import Place, place
from services.assessment.standing import Standing
from services.assessment.store import attempts, held, outages
from services.assessment.store.held import Held
from services.assessment.views.asked import Asked
from services.assessment.views.known import known
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.errors import FORBIDDEN, HIDDEN
from services.kit.answering import CLOCK


async def own(work: UnitOfWork, named: str) -> Held:
    """The asker's own attempt; raises Refusal."""
    where = place_of(work, named)
    if where.user != int(work.actor.user):
        raise Refusal(HIDDEN)
    found = await reach(work, where)
    if not found.standing.takes_part:
        raise Refusal(HIDDEN)
    return found


async def supervised(work: UnitOfWork, named: str, *, teachers_only: bool = False) -> Held:
    """An attempt of which the asker is staff; a preview is its owner's alone. Raises Refusal."""
    where = place_of(work, named)
    if where.preview:
        raise Refusal(HIDDEN)
    await let_in(work, where, teachers_only=teachers_only)
    found = await reach(work, where)
    judge(found.standing, teachers_only=teachers_only)
    return found


async def let_in(work: UnitOfWork, where: Place, *, teachers_only: bool = False) -> None:
    """Raises Refusal before anything shows whether there is such an attempt."""
    asked = Asked(work.db, work.actor)
    found = (await known(asked, [where.assessment])).get(where.assessment)
    if found is None:
        raise Refusal(HIDDEN)
    judge(found.standing, teachers_only=teachers_only)


async def reach(work: UnitOfWork, where: Place) -> Held:
    """Raises Refusal where there is none."""
    so_far = waited(work)
    row = await held.lock(work.db, where)
    if row is None:
        raise Refusal(HIDDEN)
    if outages.is_silent(row["silence"]):
        await outages.beat(work.db)
    when, known = moment(row["now"], so_far), attempts.read(row["attempt"])
    found = await held.load(work.db, known, when, int(work.actor.user))
    if found is None:
        raise Refusal(HIDDEN)
    return await _credited(work, found)


async def _credited(work: UnitOfWork, found: Held) -> Held:
    """Whoever comes before the duty that credits all is judged as if they had come after it."""
    changed = credited(found.attempt, found.definition, found.outages, found.when.now)
    if changed is None:
        return found
    await keep(work, about(found), changed)
    return replace(found, attempt=changed.attempt)


def judge(standing: Standing, *, teachers_only: bool = False) -> None:
    """Raises Refusal unless they may: whoever has no part in it learns nothing of it."""
    if standing.teaches or (standing.supervises and not teachers_only):
        return
    raise Refusal(FORBIDDEN if standing.takes_part or standing.supervises else HIDDEN)


def about(found: Held, *, correct: bool = False) -> About:
    return About(found.attempt, found.definition, found.when.now, correct)


def place_of(work: UnitOfWork, named: str) -> Place:
    where = place(work.actor.tenant, named)
    if where is None:
        raise Refusal(HIDDEN)
    return where


def waited(work: UnitOfWork) -> timedelta:
    """How long it has been under way: asked for just before the database's clock is read."""
    if work.since_s is None:
        return timedelta(0)
    return timedelta(seconds=CLOCK.monotonic_s() - work.since_s)
