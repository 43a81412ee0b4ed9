"""What staff do to attempts of a fake platform."""

from collections.abc import Callable

from msgspec.structs import replace

from services.contracts.assessment import Attempt, AttemptState, Response, Rules, Score
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.events import ItemKey
from services.contracts.ids import AssessmentId, AttemptId, CourseId
from services.contracts.supervising import Deed, Extra, RegradeAccepted, RulesSet, TimeGranted
from services.kit.caller import Caller
from tests.fakes.answering import DONE
from tests.fakes.commanding import FakeCommanding, Outcome
from tests.fakes.hall import NOTHING
from tests.fakes.reading import OPEN

Does = Callable[[Attempt], Outcome]
CLOSED = (*DONE, AttemptState.ABANDONED, AttemptState.INVALIDATED)
NO_POINTS = Refused(ErrorCode.INVALID, "An item gives between no points and all of its own.")


class FakeSupervising(FakeCommanding):
    async def act(
        self, caller: Caller, deed: Deed, attempt: AttemptId, reason: str, key: str
    ) -> Outcome:
        does = {
            Deed.PAUSE: self._pause,
            Deed.RESUME: self._resume,
            Deed.VOID: self._void,
            Deed.REOPEN: self._reopen,
        }[deed]
        proctors = deed is not Deed.REOPEN
        return self.once(
            caller,
            key,
            (deed, attempt, reason),
            lambda: self._does(caller, attempt, does, proctors=proctors),
        )

    async def grade_item(
        self,
        caller: Caller,
        attempt: AttemptId,
        item: str,
        points: float,
        note: str | None,
        key: str,
    ) -> Outcome:
        said = ("grade_item", attempt, item, points, note)
        return self.once(
            caller,
            key,
            said,
            lambda: self._does(caller, attempt, lambda one: self._grade(one, item, points)),
        )

    async def grant(
        self, caller: Caller, assessment: AssessmentId, given: Extra, reason: str, key: str
    ) -> TimeGranted | Refused:
        said = ("grant", assessment, given, reason)

        def do() -> TimeGranted | Refused:
            wrong = self._why_not(caller, assessment, proctors=True)
            return wrong or self._grant(assessment, given)

        return self.once(caller, key, said, do)

    async def regrade(
        self,
        caller: Caller,
        assessment: AssessmentId,
        item: str,
        correct: Response,
        reason: str,
        key: str,
    ) -> RegradeAccepted | Refused:
        said = ("regrade", assessment, item, correct, reason)

        def do() -> RegradeAccepted | Refused:
            return self._why_not(caller, assessment) or self._regrade(assessment, item, correct)

        return self.once(caller, key, said, do)

    async def set_rules(
        self, caller: Caller, assessment: AssessmentId, rules: Rules, key: str
    ) -> RulesSet | Refused:
        def do() -> RulesSet | Refused:
            if wrong := self._why_not(caller, assessment):
                return wrong
            self.platform.hall.rules[assessment] = rules
            return RulesSet(assessment)

        return self.once(caller, key, ("set_rules", assessment, rules), do)

    def _why_not(
        self, caller: Caller, assessment: AssessmentId, *, proctors: bool = False
    ) -> Refused | None:
        of = self.platform.assessments.get(assessment)
        return self.why_not_staff(caller, of.course_id, proctors=proctors) if of else HIDDEN

    def _does(
        self, caller: Caller, attempt: AttemptId, does: Does, *, proctors: bool = False
    ) -> Outcome:
        found = self.platform.attempts.get(attempt)
        if found is None:
            return HIDDEN
        course = CourseId(found.course_id)
        return self.why_not_staff(caller, course, proctors=proctors) or does(found)

    def _pause(self, attempt: Attempt) -> Outcome:
        paused = self.platform.hall.paused
        if attempt.state is not AttemptState.IN_PROGRESS or attempt.id in paused:
            return self.conflict(ErrorCode.ATTEMPT_CLOSED, attempt)
        paused[attempt.id] = self.platform.hall.clock.now()
        return self.accepted(attempt)

    def _resume(self, attempt: Attempt) -> Outcome:
        hall = self.platform.hall
        if attempt.id not in hall.paused:
            return self.conflict(ErrorCode.ATTEMPT_CLOSED, attempt)
        hall.credit[attempt.id] += hall.clock.now() - hall.paused.pop(attempt.id)
        return self.accepted(attempt)

    def _void(self, attempt: Attempt) -> Outcome:
        self.platform.hall.ended.setdefault(attempt.id, self.platform.hall.clock.now())
        return self.accepted(replace(attempt, state=AttemptState.INVALIDATED))

    def _reopen(self, attempt: Attempt) -> Outcome:
        """The time that was left when it was closed is left again."""
        hall = self.platform.hall
        others = [one for one in self.at(attempt.assessment_id) if one.state in OPEN]
        is_other_open = attempt.learner_id in [one.learner_id for one in others]
        if attempt.state not in CLOSED or is_other_open:
            return self.conflict(ErrorCode.ATTEMPT_CLOSED, attempt)
        hall.credit[attempt.id] += hall.clock.now() - hall.ended.pop(attempt.id, hall.clock.now())
        answers = [replace(answer, points=None) for answer in attempt.answers]
        state = AttemptState.IN_PROGRESS
        return self.accepted(
            replace(
                attempt, state=state, answers=answers, submitted_at=None, score=None, receipt=None
            )
        )

    def _grade(self, attempt: Attempt, item: str, points: float) -> Outcome:
        most = {one.id: one.points for one in self.platform.items[attempt.assessment_id]}
        if attempt.state not in DONE:
            return self.conflict(ErrorCode.ATTEMPT_CLOSED, attempt)
        if not 0 <= points <= most.get(item, -1):
            return NO_POINTS
        self.platform.hall.manual[attempt.id][item] = points
        return self.accepted(self._marked_anew(attempt))

    def _grant(self, assessment: AssessmentId, given: Extra) -> TimeGranted:
        hall = self.platform.hall
        for learner in given.learner_ids:
            before = hall.grant(assessment, learner)
            hall.granted[assessment, learner] = Extra(
                [learner],
                before.extra + (given.extra or NOTHING),
                max(before.multiplier, given.multiplier),
                before.extra_attempts + given.extra_attempts,
            )
        return TimeGranted(given.learner_ids)

    def _regrade(self, assessment: AssessmentId, item: str, correct: Response) -> RegradeAccepted:
        keys = self.platform.hall.keys.setdefault(assessment, [])
        texts = None if correct.text is None else [correct.text]
        others = [key for key in keys if key.item != item]
        self.platform.hall.keys[assessment] = [
            *others,
            ItemKey(item, correct.choices, texts, correct.number),
        ]
        done = [one for one in self.at(assessment) if one.state in DONE]
        for attempt in done:
            self.accepted(self._marked_anew(attempt))
        return RegradeAccepted(len(done))

    def _marked_anew(self, attempt: Attempt) -> Attempt:
        before = attempt.score or Score(0.0, 0.0)
        marked = self.marked(attempt, before.late)
        score = marked.score
        if score is None or score.raw == before.raw:
            return marked
        return replace(marked, score=replace(score, regraded_from=before.raw))
