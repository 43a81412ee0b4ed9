"""What learners do to their attempts, the old way."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from legacy import attempt_id, translate, wire
from legacy.answers import WRONG, holds, values
from legacy.attempt_pages import AttemptPages
from legacy.client import LegacyRefusal
from legacy.fanout import both, one
from legacy.paper import NOT_COUNTED, Paper
from services.contracts.assessment import AttemptAccepted, AttemptConflict, Given
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import AssessmentId, AttemptId
from services.kit.caller import Caller

Outcome: TypeAlias = AttemptAccepted | AttemptConflict
Values: TypeAlias = Mapping[str, object]
CHANGED = "This attempt was changed from somewhere else."


class LegacyAttempting(AttemptPages):
    """The monolith knows no keys (NO_KEYS): one command is told from its repetition by what is
    there already."""

    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> Outcome | Refused:
        return await one(self._start(caller, assessment))

    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Outcome | Refused:
        return await one(self._save(caller, attempt, answers, expected_version))

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Outcome | Refused:
        return await one(self._submit(caller, attempt, answers, expected_version))

    async def _start(self, caller: Caller, assessment: AssessmentId) -> Outcome:
        """An attempt that was there before was open, and is given again."""
        own = translate.local(assessment)
        paper, before = await both(self._paper(caller, own), self._mine(caller, own))
        found = await self._client.post(caller, f"/assessments/{own}/start", {}, wire.Attempt)
        was_there = any(known.id == found.id for known in before)
        return AttemptAccepted(paper.attempt(found), duplicate=was_there)

    async def _save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        expected_version: int | None,
    ) -> Outcome:
        """The attempt is read only where it cannot be saved: answers are saved all the time."""
        own = attempt_id.own(caller, attempt)
        if _is_other(expected_version):
            return _not_done(*await self._attempt(caller, own), answers)
        paper = await self._paper(caller, own.assessment)
        sent = values(paper.found.questions, answers)
        try:
            found = await self._send(caller, own, "save", sent)
        except LegacyRefusal as no:
            if no.refusal.code is not ErrorCode.ATTEMPT_CLOSED:
                raise
            return _finished(*await self._attempt(caller, own), sent)
        if not holds(found.answers, sent):
            # Its question went a moment ago: nobody may believe that this answer is kept.
            raise LegacyRefusal(WRONG)
        return AttemptAccepted(paper.attempt(found))

    async def _submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        expected_version: int | None,
    ) -> Outcome:
        own = attempt_id.own(caller, attempt)
        paper, before = await self._attempt(caller, own)
        if _is_other(expected_version) or not before.is_open:
            return _not_done(paper, before, answers)
        sent = values(paper.found.questions, answers)
        found = await self._send(caller, own, "submit", sent)
        if not holds(found.answers, sent):
            # Somebody else handed it in a moment ago, without these.
            return _finished(paper, found, sent)
        return AttemptAccepted(paper.attempt(found))

    async def _send(
        self, caller: Caller, own: attempt_id.Named, verb: str, sent: Values
    ) -> wire.Attempt:
        said = {"answers": sent}
        return await self._client.post(caller, f"/attempts/{own}/{verb}", said, wire.Attempt)


def _is_other(expected_version: int | None) -> bool:
    return expected_version not in (None, NOT_COUNTED)


def _not_done(paper: Paper, found: wire.Attempt, answers: Sequence[Given]) -> Outcome:
    """Of an attempt that is finished nobody expects a version any more."""
    sent = values(paper.found.questions, answers)
    if not found.is_open:
        return _finished(paper, found, sent)
    return AttemptConflict(ErrorCode.VERSION_CONFLICT, CHANGED, paper.attempt(found))


def _finished(paper: Paper, found: wire.Attempt, sent: Values) -> Outcome:
    """To say once more what is there already does no harm."""
    attempt = paper.attempt(found)
    if holds(found.answers, sent):
        return AttemptAccepted(attempt, duplicate=True)
    return AttemptConflict(ErrorCode.ATTEMPT_CLOSED, "This attempt is finished.", attempt)
