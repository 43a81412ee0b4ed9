"""Commands in a test's own hands, with the claim and without it, and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.commands.bus import Bus, Handler, Order
from services.commands.uow import UnitOfWork
from services.contracts.errors import Refused
from services.contracts.events import LessonsCompleted
from services.contracts.ids import CourseId, LessonId
from services.contracts.learning import Lesson, LessonKind
from services.contracts.progress_api import CompleteLesson
from services.events.bell import Bell
from services.events.outbox import Outbox
from services.storage import db
from tests.contract.school import BIOLOGY
from tests.fakes.tenant import LEARNER
from tests.integration.progress.campus import Campus

OUTBOX = Outbox("progress")


@dataclass(frozen=True, slots=True)
class Effects:
    """Of a test's commands, beside the three completions that the campus begins with."""

    completions: int
    counted: int
    events: int


NONE, ONCE = Effects(0, 0, 0), Effects(1, 1, 1)


async def effects(campus: Campus) -> Effects:
    return Effects(
        await campus.value("SELECT count(*) - 3 FROM completions WHERE tenant_id = $1"),
        await campus.value("SELECT sum(done) - 3 FROM counts WHERE tenant_id = $1"),
        await campus.value("SELECT count(*) FROM outbox WHERE tenant_id = $1"),
    )


async def record(work: UnitOfWork, command: CompleteLesson) -> Lesson:
    """A handler that does something each time it is called: the claim is its only guard."""
    stream = f"completions/{work.actor.tenant}/{BIOLOGY}/{LEARNER}"
    await work.record(stream, LessonsCompleted(BIOLOGY, int(LEARNER), [command.lesson]))
    return Lesson(LessonId("a"), CourseId("b"), "Cells", LessonKind.TEXT, completed=True)


RECORD = Handler("record", record, Lesson)


async def claimed(campus: Campus, bell: Bell) -> Lesson | Refused:
    bus = Bus(campus.pool, OUTBOX, bell, tell_nobody)
    return await bus.execute(RECORD, Order(campus.asking().viewer, "key", CompleteLesson(3)))


async def unclaimed(campus: Campus) -> Lesson:
    async with db.transaction(campus.pool) as connection:
        work = UnitOfWork(connection, campus.asking().viewer, OUTBOX)
        return await record(work, CompleteLesson(3))


async def tell_nobody(topics: Mapping[str, str | None]) -> None:
    pass
