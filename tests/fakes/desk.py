"""Where attempts are written to, in memory: it says yes, or what it is told to, and keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from resolvers.ports import AttemptResult
from services.contracts.assessment import Given, Response, Rules
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.contracts.supervising import Deed, Extra, RegradeAccepted, RulesSet, TimeGranted
from services.kit.caller import Caller


@dataclass
class Desk:
    """`said` has what each command was given, behind its name; `outcome` is what all come to."""

    outcome: AttemptResult
    said: list[tuple[Any, ...]] = field(default_factory=list)

    def _note(self, *said: Any) -> AttemptResult:
        self.said.append(said)
        return self.outcome

    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> AttemptResult:
        return self._note("start", assessment, key)

    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult:
        return self._note("save", attempt, list(answers), key, expected_version)

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> AttemptResult:
        return self._note("submit", attempt, list(answers), key, expected_version)

    async def act(
        self, caller: Caller, deed: Deed, attempt: AttemptId, reason: str, key: str
    ) -> AttemptResult:
        return self._note(deed.lower(), attempt, reason, key)

    async def grade_item(
        self,
        caller: Caller,
        attempt: AttemptId,
        item: str,
        points: float,
        note: str | None,
        key: str,
    ) -> AttemptResult:
        return self._note("grade_item", attempt, item, points, note, key)

    async def grant(
        self, caller: Caller, assessment: AssessmentId, given: Extra, reason: str, key: str
    ) -> TimeGranted | Refused:
        self._note("grant", assessment, given, reason, key)
        return TimeGranted(given.learner_ids)

    async def regrade(
        self,
        caller: Caller,
        assessment: AssessmentId,
        item: str,
        correct: Response,
        reason: str,
        key: str,
    ) -> RegradeAccepted | Refused:
        self._note("regrade", assessment, item, correct, reason, key)
        return RegradeAccepted(3)

    async def set_rules(
        self, caller: Caller, assessment: AssessmentId, rules: Rules, key: str
    ) -> RulesSet | Refused:
        self._note("set_rules", assessment, rules, key)
        return RulesSet(assessment)
