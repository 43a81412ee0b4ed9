"""How a command reaches an assessment, if the asker may decide about it."""

from services.assessment.handlers.reach import judge
from services.assessment.views.asked import Asked
from services.assessment.views.known import Known, known
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.errors import HIDDEN


async def judged(work: UnitOfWork, assessment: int, *, proctors: bool = False) -> Known:
    """As it is now; raises Refusal."""
    found = (await known(Asked(work.db, work.actor), [assessment])).get(assessment)
    if found is None or found.is_removed:
        raise Refusal(HIDDEN)
    judge(found.standing, teachers_only=not proctors)
    return found
