"""Saves and hands in answers on a fake platform: of two to one item the newer stands."""

from collections.abc import Sequence

from msgspec.structs import replace

from services.contracts.assessment import Answer, Attempt, AttemptState, Given
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import AttemptId
from services.contracts.receipt import receipt
from services.kit.caller import Caller
from tests.fakes.commanding import FakeCommanding, Outcome
from tests.fakes.marking import is_answer
from tests.fakes.reading import OPEN, learner_of
from tests.fakes.timing import Timely, judge

DONE = (AttemptState.SUBMITTED, AttemptState.PENDING_REVIEW, AttemptState.GRADED)
INVALID = Refused(ErrorCode.INVALID, "This is no answer to an item of this assessment.")
Both = tuple[Attempt, Attempt]


class FakeAnswering(FakeCommanding):
    async def save(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Outcome:
        said = ("save", attempt, list(answers), expected_version)

        def do() -> Outcome:
            found = self._taken(caller, attempt, answers, expected_version)
            return self._save(*found) if isinstance(found, tuple) else found

        return self.once(caller, key, said, do)

    async def submit(
        self,
        caller: Caller,
        attempt: AttemptId,
        answers: Sequence[Given],
        key: str,
        expected_version: int | None,
    ) -> Outcome:
        said = ("submit", attempt, list(answers), expected_version)

        def do() -> Outcome:
            found = self._taken(caller, attempt, answers, expected_version)
            return self._submit(*found) if isinstance(found, tuple) else found

        return self.once(caller, key, said, do)

    def _taken(
        self, caller: Caller, attempt: AttemptId, answers: Sequence[Given], version: int | None
    ) -> Both | Outcome:
        """The attempt before and after these answers, or why they are not taken."""
        before = self.platform.attempts.get(attempt)
        if before is None or before.learner_id != learner_of(caller):
            return HIDDEN
        if not self._are_answers(before, answers):
            return INVALID
        after = self._merged(before, answers)
        if before.state not in OPEN:
            return self._again(before, after)
        if after is None or version not in (None, before.version):
            return self.conflict(ErrorCode.VERSION_CONFLICT, before)
        return before, after

    def _save(self, before: Attempt, after: Attempt) -> Outcome:
        if self._judged(before) is Timely.OVER:
            return self.conflict(ErrorCode.WINDOW_CLOSED, before)
        if after == before:
            return self.repeated(before)
        return self.accepted(replace(after, saved_at=self.platform.hall.clock.now()))

    def _submit(self, before: Attempt, after: Attempt) -> Outcome:
        judged = self._judged(before)
        if judged is Timely.OVER:
            return self.conflict(ErrorCode.WINDOW_CLOSED, before)
        return self.accepted(self._handed_in(after, judged is Timely.LATE))

    def _handed_in(self, attempt: Attempt, late: bool) -> Attempt:
        now, of = self.platform.hall.clock.now(), len(self.platform.items[attempt.assessment_id])
        self.platform.hall.ended[attempt.id] = now
        proof = receipt(attempt.id, now, attempt.answers, of)
        return self.marked(replace(attempt, submitted_at=now, receipt=proof), late)

    def _again(self, before: Attempt, after: Attempt | None) -> Outcome:
        if before.state in DONE and after == before:
            return self.repeated(before)
        return self.conflict(ErrorCode.ATTEMPT_CLOSED, before)

    def _judged(self, attempt: Attempt) -> Timely:
        if attempt.id in self.platform.hall.paused:
            return Timely.OVER
        of = self.platform.assessments[attempt.assessment_id]
        return judge(self.platform.hall, of, attempt)

    def _are_answers(self, attempt: Attempt, answers: Sequence[Given]) -> bool:
        items = {item.id: item for item in self.platform.items[attempt.assessment_id]}
        return all(
            one.item_id in items and is_answer(items[one.item_id], one.response) for one in answers
        )

    def _merged(self, attempt: Attempt, answers: Sequence[Given]) -> Attempt | None:
        """None where two answers to one item have one sequence."""
        known, now = {one.item_id: one for one in attempt.answers}, self.platform.hall.clock.now()
        for given in answers:
            before = known.get(given.item_id)
            if before is None or before.sequence < given.sequence:
                known[given.item_id] = Answer(given.item_id, given.sequence, given.response, now)
            elif before.sequence == given.sequence and before.response != given.response:
                return None
        return replace(attempt, answers=list(known.values()))
