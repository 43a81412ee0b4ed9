"""Says that an item's right answer is another; the attempts are graded anew afterwards."""

from services.assessment.handlers.assessments import judged
from services.assessment.model.definition import Regrade as Correction
from services.assessment.model.regrade import new_key
from services.assessment.store.regrades import WAITING
from services.commands.bus import Handler
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.assessment_api import Regrade
from services.contracts.errors import Refused
from services.contracts.supervising import RegradeAccepted

# One at a time: whoever comes next builds on what the one before said.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
ADD = "INSERT INTO regrades (tenant_id, assessment_id, id, data) VALUES ($1, $2, $3, $4::jsonb)"
HOW_MANY = f"SELECT count(*) FROM ({WAITING}) AS waiting"


async def regrade(work: UnitOfWork, command: Regrade) -> RegradeAccepted:
    tenant, assessment = work.actor.tenant, command.assessment
    await work.db.execute(LOCK, f"regrades/{tenant}/{assessment}")
    definition = (await judged(work, assessment)).definition
    found = new_key(definition, command.item, command.correct, command.reason)
    if isinstance(found, Refused):
        raise Refusal(found)
    number = max((known.id for known in definition.regrades), default=0) + 1
    said = Correction(
        id=number,
        item=command.item,
        before=found.before,
        after=found.after,
        version=definition.version,
        by=int(work.actor.user),
        reason=command.reason,
    )
    await work.db.execute(ADD, tenant, assessment, number, said)
    everyone = (tenant, assessment, command.item, number, 0, 0, None)
    return RegradeAccepted(await work.db.fetchval(HOW_MANY, *everyone))


REGRADE = Handler("regrade", regrade, RegradeAccepted)
