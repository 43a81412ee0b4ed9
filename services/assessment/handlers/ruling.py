"""Sets what the monolith's definition of an assessment does not say."""

from services.assessment.handlers.assessments import judged
from services.assessment.model.rules import check_rules
from services.commands.bus import Handler
from services.commands.refusal import Refusal
from services.commands.uow import UnitOfWork
from services.contracts.assessment_api import SetRules
from services.contracts.ids import AssessmentId, Kind, encode
from services.contracts.supervising import RulesSet

SET = """
INSERT INTO rules (tenant_id, assessment_id, data, by) VALUES ($1, $2, $3::jsonb, $4)
ON CONFLICT (tenant_id, assessment_id)
DO UPDATE SET data = excluded.data, by = excluded.by, at = excluded.at
"""
# The sweeper looks at each of them at once, and learns when it is due by the new rules.
LOOK_AGAIN = """
UPDATE attempts SET due_at = '-infinity'
WHERE tenant_id = $1 AND assessment_id = $2 AND state IN ('IN_PROGRESS', 'OVERDUE')
"""


async def set_rules(work: UnitOfWork, command: SetRules) -> RulesSet:
    await judged(work, command.assessment)
    if (wrong := check_rules(command.rules)) is not None:
        raise Refusal(wrong)
    tenant, by = work.actor.tenant, int(work.actor.user)
    await work.db.execute(SET, tenant, command.assessment, command.rules, by)
    await work.db.execute(LOOK_AGAIN, tenant, command.assessment)
    return RulesSet(AssessmentId(encode(Kind.ASSESSMENT, tenant, command.assessment)))


SET_RULES = Handler("set-rules", set_rules, RulesSet)
