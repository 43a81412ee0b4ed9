"""The command that plans classes and calls them off: some rows, one transaction, one event each."""

from collections.abc import Iterable, Sequence

import msgspec

from services.commands.bus import Handler
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.class_events import ClassPlanned, ClassUnplanned
from services.contracts.errors import ErrorCode, Refused
from services.contracts.events import Happened
from services.contracts.ids import Side
from services.live_class.schedule import store
from services.live_class.schedule.plan import Planned

CHANGED = Refused(ErrorCode.VERSION_CONFLICT, "Somebody else has changed this timetable meanwhile.")


class PlanClasses(msgspec.Struct, frozen=True):
    """Each row as it is to be; `id` 0 is a new one, `version` is the one that it was read with."""

    rows: list[Planned]


class ClassesPlanned(msgspec.Struct, frozen=True):
    """`courses` are those whose timetable looks different now, also those that lost a class."""

    ids: list[int]
    courses: list[int]


async def plan_classes(work: UnitOfWork, command: PlanClasses) -> ClassesPlanned:
    tenant = work.actor.tenant
    new = [one for one in command.rows if not one.id]
    known = {one.id: one for one in command.rows if one.id}
    before = await store.lock(work.db, tenant, list(known))
    if any(one.id not in before or before[one.id].version != one.version for one in known.values()):
        raise Refusal(CHANGED)
    added = await store.add(work.db, tenant, new)
    if len(added) < len(new):
        raise Refusal(CHANGED)
    await store.change(work.db, tenant, list(known.values()))
    shown = [one for one in known.values() if one.shown != before[one.id].shown]
    await _tell(work, [*added, *shown])
    courses = {one.course for one in (*added, *shown, *(before[one.id] for one in shown))}
    return ClassesPlanned([one.id for one in (*added, *known.values())], sorted(courses))


PLAN = Handler("PlanClasses", plan_classes, ClassesPlanned)


def in_pieces(rows: Sequence[Planned], size: int) -> Iterable[PlanClasses]:
    for begin in range(0, len(rows), size):
        yield PlanClasses(list(rows[begin : begin + size]))


async def _tell(work: UnitOfWork, rows: Iterable[Planned]) -> None:
    for one in sorted(rows, key=lambda each: each.id):
        await work.record(f"planned/{work.actor.tenant}/{one.id}", _said(one))


def _said(one: Planned) -> Happened:
    name = f"{Side.SERVICE}{one.id}"
    if one.cancelled:
        return ClassUnplanned(name)
    return ClassPlanned(name, one.course, one.title, one.teacher, one.starts_at, one.ends_at)
