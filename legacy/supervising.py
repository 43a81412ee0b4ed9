"""What staff do to attempts: nothing, the old way (NO_STAFF_COMMANDS)."""

from services.contracts.assessment import Extra, Response, Rules
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.kit.caller import Caller

CANNOT = Refused(ErrorCode.READ_ONLY, "The old platform cannot do this.")


class LegacySupervising:
    async def pause(self, caller: Caller, attempt: AttemptId, reason: str, key: str) -> Refused:
        return CANNOT

    async def resume(self, caller: Caller, attempt: AttemptId, reason: str, key: str) -> Refused:
        return CANNOT

    async def void(self, caller: Caller, attempt: AttemptId, reason: str, key: str) -> Refused:
        return CANNOT

    async def reopen(self, caller: Caller, attempt: AttemptId, reason: str, key: str) -> Refused:
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
