"""A side of attempts that knows nothing but its name, which it gives to whatever is asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.contracts.assessment import Attempt, AttemptState, Given, Response, Rules
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import AssessmentId, AttemptId, CourseId, LearnerId
from services.contracts.paging import Key
from services.contracts.supervising import Deed, Extra
from services.kit.caller import Caller


@dataclass
class NamedSide:
    """`asked` has the name of each method, in order; `held` are the caller's own attempts."""

    name: str
    held: list[Attempt] | Refused = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def itself(self) -> Refused:
        return Refused(ErrorCode.INVALID, self.name)

    def answer(self, method: str) -> Refused:
        self.asked.append(method)
        return self.itself

    async def mine(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> list[list[Attempt] | Refused]:
        self.asked.append("mine")
        return [self.held for _ in ids]

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> list[Refused]:
        return [self.answer("many") for _ in ids]

    async def windows(self, caller: Caller, ids: Sequence[AssessmentId]) -> list[Refused]:
        return [self.answer("windows") for _ in ids]

    async def submissions(
        self,
        caller: Caller,
        ids: Sequence[AssessmentId],
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> list[Refused]:
        return [self.answer("submissions") for _ in ids]

    async def submission_counts(self, caller: Caller, ids: Sequence[AssessmentId]) -> list[Refused]:
        return [self.answer("submission_counts") for _ in ids]

    async def scores(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> list[Refused]:
        return [self.answer("scores") for _ in pairs]

    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> Refused:
        return self.answer("start")

    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Refused:
        return self.answer("save")

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Refused:
        return self.answer("submit")

    async def act(
        self, caller: Caller, deed: Deed, attempt: AttemptId, reason: str, key: str
    ) -> Refused:
        return self.answer(deed.lower())

    async def grade_item(
        self,
        caller: Caller,
        attempt: AttemptId,
        item: str,
        points: float,
        note: str | None,
        key: str,
    ) -> Refused:
        return self.answer("grade_item")

    async def grant(
        self, caller: Caller, assessment: AssessmentId, given: Extra, reason: str, key: str
    ) -> Refused:
        return self.answer("grant")

    async def regrade(
        self,
        caller: Caller,
        assessment: AssessmentId,
        item: str,
        correct: Response,
        reason: str,
        key: str,
    ) -> Refused:
        return self.answer("regrade")

    async def set_rules(
        self, caller: Caller, assessment: AssessmentId, rules: Rules, key: str
    ) -> Refused:
        return self.answer("set_rules")
