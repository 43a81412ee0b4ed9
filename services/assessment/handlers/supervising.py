"""What staff do to an attempt: stop its clock, take it out, open it again, grade an item."""

from services.assessment.handlers.reach import about, let_in, place_of, supervised
from services.assessment.handlers.settle import handler, settle
from services.assessment.model import grade, pause, reopen, void
from services.assessment.model.act import Act
from services.assessment.store import learners
from services.assessment.store.held import Held
from services.commands.uow import UnitOfWork
from services.contracts.assessment_api import Action, GradeItem, Outcome


async def stop(work: UnitOfWork, command: Action) -> Outcome:
    found = await supervised(work, command.attempt)
    decision = pause.pause(found.attempt, found.definition, _act(work, command, found))
    return await settle(work, about(found, correct=True), decision)


async def go_on(work: UnitOfWork, command: Action) -> Outcome:
    found = await supervised(work, command.attempt)
    decision = pause.resume(found.attempt, _act(work, command, found))
    return await settle(work, about(found, correct=True), decision)


async def take_out(work: UnitOfWork, command: Action) -> Outcome:
    found = await supervised(work, command.attempt)
    decision = void.void(found.attempt, found.definition, _act(work, command, found))
    return await settle(work, about(found, correct=True), decision)


async def open_again(work: UnitOfWork, command: Action) -> Outcome:
    """Nobody begins another attempt for the learner meanwhile."""
    where = place_of(work, command.attempt)
    await let_in(work, where, teachers_only=True)
    await learners.lock(work.db, where.tenant, where.assessment, where.user)
    found = await supervised(work, command.attempt, teachers_only=True)
    act = _act(work, command, found)
    decision = reopen.reopen(
        found.attempt, found.definition, found.accommodation, act, found.other_is_open
    )
    return await settle(work, about(found, correct=True), decision)


async def grade_item(work: UnitOfWork, command: GradeItem) -> Outcome:
    found = await supervised(work, command.attempt, teachers_only=True)
    decision = grade.grade_item(
        found.attempt,
        found.definition,
        command.item,
        command.points,
        command.note,
        int(work.actor.user),
        found.when.now,
    )
    return await settle(work, about(found, correct=True), decision)


def _act(work: UnitOfWork, command: Action, found: Held) -> Act:
    return Act(int(work.actor.user), command.reason, found.when.now)


PAUSE = handler("pause", stop)
RESUME = handler("resume", go_on)
VOID = handler("void", take_out)
REOPEN = handler("reopen", open_again)
GRADE_ITEM = handler("grade-item", grade_item)
