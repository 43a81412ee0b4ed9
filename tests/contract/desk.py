"""One learner's attempt at an assessment of the exam hall, on whichever side."""

from dataclasses import dataclass

from msgspec.structs import replace

from resolvers.ports import AttemptResult
from services.contracts.assessment import Attempt, AttemptAccepted, AttemptConflict, Given
from services.contracts.errors import ErrorCode
from services.contracts.ids import AttemptId
from services.kit.caller import Caller
from tests.contract.side import Side, given
from tests.fakes.tenant import assessment_id


@dataclass(frozen=True, slots=True)
class Desk:
    side: Side
    caller: Caller
    attempt: AttemptId

    async def save(
        self, *answers: Given, key: str = "save", version: int | None = None
    ) -> AttemptResult:
        attempting = self.side.sources.attempting
        return await attempting.save(self.caller, self.attempt, answers, key, version)

    async def submit(
        self, *answers: Given, key: str = "submit", version: int | None = None
    ) -> AttemptResult:
        attempting = self.side.sources.attempting
        return await attempting.submit(self.caller, self.attempt, answers, key, version)

    async def read(self) -> Attempt:
        [found] = await self.side.sources.attempts.many(self.caller, [self.attempt])
        return given(found)


async def start(
    side: Side, number: int, key: str = "start", caller: Caller | None = None
) -> AttemptResult:
    """The learner's, where nobody is named."""
    assessment = assessment_id(side.tenant, number)
    return await side.sources.attempting.start(caller or side.learner, assessment, key)


async def begun(side: Side, number: int, caller: Caller | None = None) -> Desk:
    caller = caller or side.learner
    attempt = accepted(await start(side, number, f"start {number}", caller))
    return Desk(side, caller, attempt.id)


def accepted(done: AttemptResult) -> Attempt:
    """What was done for the first time."""
    assert isinstance(done, AttemptAccepted), done
    assert not done.duplicate
    return done.attempt


def repeated(done: AttemptResult) -> Attempt:
    assert isinstance(done, AttemptAccepted), done
    assert done.duplicate
    return done.attempt


def conflict(done: AttemptResult, code: ErrorCode) -> Attempt:
    """The attempt as it is, beside the reason why nothing was done."""
    assert isinstance(done, AttemptConflict), done
    assert done.code is code
    return done.current


def lasting(attempt: Attempt) -> Attempt:
    """Without what is another at each moment, or is only counted on some sides."""
    return replace(attempt, window=None, version=0)
