"""Begins attempts of a fake platform, or gives the one that is open again."""

from services.contracts.assessment import Assessment, Attempt, AttemptState
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import AssessmentId, AttemptId, Kind, Side, decode, encode
from services.kit.caller import Caller
from tests.fakes.commanding import FakeCommanding, Outcome
from tests.fakes.platform import owner_of
from tests.fakes.reading import OPEN, learner_of
from tests.fakes.timing import may_start

CLOSED = Refused(ErrorCode.WINDOW_CLOSED, "Nobody may begin this now.")
NONE_LEFT = Refused(ErrorCode.ATTEMPT_LIMIT, "There are no attempts left.")


class FakeStarting(FakeCommanding):
    async def start(self, caller: Caller, assessment: AssessmentId, key: str) -> Outcome:
        said = ("start", assessment)
        return self.once(caller, key, said, lambda: self._start(caller, assessment))

    def _start(self, caller: Caller, assessment: AssessmentId) -> Outcome:
        """Whoever teaches tries it out: a preview, which nothing forbids."""
        of = self.platform.assessments.get(assessment)
        if of is None or not self.takes(caller, of.course_id):
            return HIDDEN
        is_preview = self.teaches(caller, of.course_id)
        mine = self._own(caller, of, is_preview)
        open_ = next((one for one in mine if one.state in OPEN), None)
        if open_ is not None:
            return self.repeated(open_)
        wrong = None if is_preview else self._why_not_start(caller, of, mine)
        return wrong or self.accepted(self._begun(caller, of, mine, is_preview))

    def _own(self, caller: Caller, of: Assessment, is_preview: bool) -> list[Attempt]:
        own = [one for one in self.at(of.id) if one.learner_id == learner_of(caller)]
        return [one for one in own if one.preview is is_preview]

    def _why_not_start(self, caller: Caller, of: Assessment, mine: list[Attempt]) -> Refused | None:
        hall, own = self.platform.hall, learner_of(caller)
        if not may_start(hall, of, own):
            return CLOSED
        used = sum(not one.banked for one in mine)
        extra, allowed = hall.grant(of.id, own).extra_attempts, of.attempts_allowed
        return NONE_LEFT if allowed is not None and used >= allowed + extra else None

    def _begun(
        self, caller: Caller, of: Assessment, mine: list[Attempt], is_preview: bool
    ) -> Attempt:
        number = max((one.number for one in mine), default=0) + 1
        tenant, user = owner_of(caller.viewer)
        local = f"{decode(of.id).local}-{user}-{'p' if is_preview else ''}{number}"
        return Attempt(
            id=AttemptId(encode(Kind.ATTEMPT, tenant, local, Side.SERVICE)),
            assessment_id=of.id,
            course_id=of.course_id,
            learner_id=learner_of(caller),
            number=number,
            state=AttemptState.IN_PROGRESS,
            started_at=self.platform.hall.clock.now(),
            saved_at=None,
            submitted_at=None,
            score=None,
            preview=is_preview,
        )
