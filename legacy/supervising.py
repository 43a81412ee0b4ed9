"""What staff do to attempts: nothing, the old way (NO_STAFF_COMMANDS)."""

from services.contracts.assessment import Response, Rules
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.contracts.supervising import Deed, Extra
from services.kit.caller import Caller

CANNOT = Refused(ErrorCode.READ_ONLY, "The old platform cannot do this.")


class LegacySupervising:
    async def act(
        self, caller: Caller, deed: Deed, attempt: AttemptId, reason: str, key: str
    ) -> Refused:
        return CANNOT

    async def grade_item(
        self,
        caller: Caller,
        attempt: AttemptId,
        item: str,
        points: float,
        note: str | None,
        key: str,
    ) -> Refused:
        return CANNOT

    async def grant(
        self, caller: Caller, assessment: AssessmentId, given: Extra, reason: str, key: str
    ) -> Refused:
        return CANNOT

    async def regrade(
        self,
        caller: Caller,
        assessment: AssessmentId,
        item: str,
        correct: Response,
        reason: str,
        key: str,
    ) -> Refused:
        return CANNOT

    async def set_rules(
        self, caller: Caller, assessment: AssessmentId, rules: Rules, key: str
    ) -> Refused:
        return CANNOT
