"""Does what staff do on the side of the attempt; to an assessment, where both sides are known."""

from dataclasses import dataclass

from gateway.attempts.owner import owner_of
from resolvers.ports import AttemptResult, Supervising
from services.contracts.assessment import Response, Rules
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.contracts.supervising import Deed, Extra, RegradeAccepted, RulesSet, TimeGranted
from services.kit.caller import Caller


@dataclass(frozen=True, slots=True)
class RoutedSupervising:
    """`whole` is the side that is asked for what concerns a whole assessment."""

    legacy: Supervising
    service: Supervising
    whole: Supervising

    async def act(
        self, caller: Caller, deed: Deed, attempt: AttemptId, reason: str, key: str
    ) -> AttemptResult:
        side = self._of(attempt)
        return await side.act(caller, deed, attempt, reason, key) if side else HIDDEN

    async def grade_item(
        self,
        caller: Caller,
        attempt: AttemptId,
        item: str,
        points: float,
        note: str | None,
        key: str,
    ) -> AttemptResult:
        side = self._of(attempt)
        return await side.grade_item(caller, attempt, item, points, note, key) if side else HIDDEN

    async def grant(
        self, caller: Caller, assessment: AssessmentId, given: Extra, reason: str, key: str
    ) -> TimeGranted | Refused:
        return await self.whole.grant(caller, assessment, given, reason, key)

    async def regrade(
        self,
        caller: Caller,
        assessment: AssessmentId,
        item: str,
        correct: Response,
        reason: str,
        key: str,
    ) -> RegradeAccepted | Refused:
        return await self.whole.regrade(caller, assessment, item, correct, reason, key)

    async def set_rules(
        self, caller: Caller, assessment: AssessmentId, rules: Rules, key: str
    ) -> RulesSet | Refused:
        return await self.whole.set_rules(caller, assessment, rules, key)

    def _of(self, attempt: AttemptId) -> Supervising | None:
        return owner_of(attempt, legacy=self.legacy, service=self.service)
