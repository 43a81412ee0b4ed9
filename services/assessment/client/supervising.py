"""What staff do to attempts of the assessment service: the port Supervising over HTTP."""

from services.assessment.client import local
from services.assessment.client.doing import Doing
from services.contracts.assessment import Response, Rules
from services.contracts.assessment_api import (
    GRADE_ITEM,
    GRANT,
    PAUSE,
    REGRADE,
    REOPEN,
    RESUME,
    SET_RULES,
    VOID,
    Action,
    GradeItem,
    Grant,
    Outcome,
    Regrade,
    SetRules,
)
from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import AssessmentId, AttemptId, Kind
from services.contracts.supervising import Deed, Extra, RegradeAccepted, RulesSet, TimeGranted
from services.kit.caller import Caller
from services.kit.local import local as local_id
from services.kit.local import locals_

COMMANDS = {Deed.PAUSE: PAUSE, Deed.RESUME: RESUME, Deed.VOID: VOID, Deed.REOPEN: REOPEN}


class Supervising(Doing):
    async def act(
        self, caller: Caller, deed: Deed, attempt: AttemptId, reason: str, key: str
    ) -> Outcome | Refused:
        named = local.attempt(caller, attempt)
        if named is None:
            return HIDDEN
        return await self._do(caller, COMMANDS[deed], Action(named, reason), key)

    async def grade_item(
        self,
        caller: Caller,
        attempt: AttemptId,
        item: str,
        points: float,
        note: str | None,
        key: str,
    ) -> Outcome | Refused:
        named = local.attempt(caller, attempt)
        if named is None:
            return HIDDEN
        return await self._do(caller, GRADE_ITEM, GradeItem(named, item, points, note), key)

    async def grant(
        self, caller: Caller, assessment: AssessmentId, given: Extra, reason: str, key: str
    ) -> TimeGranted | Refused:
        """To all of them or to nobody: one id of nothing hides the whole."""
        named = local_id(caller, Kind.ASSESSMENT, assessment)
        learners = [
            one for one in locals_(caller, Kind.LEARNER, given.learner_ids) if one is not None
        ]
        if named is None or len(learners) < len(given.learner_ids):
            return HIDDEN
        extra_s = int(given.extra.total_seconds())
        said = Grant(named, learners, extra_s, given.multiplier, given.extra_attempts, reason)
        return await self._do(caller, GRANT, said, key)

    async def regrade(
        self,
        caller: Caller,
        assessment: AssessmentId,
        item: str,
        correct: Response,
        reason: str,
        key: str,
    ) -> RegradeAccepted | Refused:
        named = local_id(caller, Kind.ASSESSMENT, assessment)
        if named is None:
            return HIDDEN
        return await self._do(caller, REGRADE, Regrade(named, item, correct, reason), key)

    async def set_rules(
        self, caller: Caller, assessment: AssessmentId, rules: Rules, key: str
    ) -> RulesSet | Refused:
        named = local_id(caller, Kind.ASSESSMENT, assessment)
        if named is None:
            return HIDDEN
        return await self._do(caller, SET_RULES, SetRules(named, rules), key)
