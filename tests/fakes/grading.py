"""Scores of courses of a fake platform, and how many submissions there are of each state."""

from collections import Counter
from collections.abc import Sequence

from services.contracts.assessment import (
    Assessment,
    AttemptState,
    Score,
    SubmissionCount,
)
from services.contracts.errors import HIDDEN, Refused
from services.contracts.gradebook import Entry, course_score
from services.contracts.ids import AssessmentId, CourseId, LearnerId
from services.contracts.learning import Role
from services.kit.caller import Caller
from tests.fakes.platform import owner_by_id
from tests.fakes.reading import FakeReading


class FakeGrading(FakeReading):
    async def submission_counts(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[SubmissionCount] | Refused]:
        self.platform.calls["attempts.submission_counts"] += 1
        return self.platform.each(ids, self._counts)

    async def scores(
        self, caller: Caller, pairs: Sequence[tuple[CourseId, LearnerId]]
    ) -> Sequence[Score | Refused | None]:
        self.platform.calls["attempts.scores"] += 1
        known = self.platform.courses
        return [self._score(*pair) if pair[0] in known else HIDDEN for pair in pairs]

    def _counts(self, assessment: AssessmentId) -> list[SubmissionCount] | None:
        if assessment not in self.platform.assessments:
            return None
        found = Counter(one.state for one in self.at(assessment) if not one.preview)
        return [SubmissionCount(state, found[state]) for state in AttemptState if found[state]]

    def _score(self, course: CourseId, learner: LearnerId) -> Score | None:
        takers = self.platform.enrolled.get(course, {})
        if takers.get(owner_by_id(learner)) is not Role.LEARNER:
            return None
        all_ = self.platform.assessments.values()
        return course_score(self._entry(one, learner) for one in all_ if one.course_id == course)

    def _entry(self, of: Assessment, learner: LearnerId) -> Entry:
        own = self._window(of, learner, None)
        is_over = own.closes_at is not None and own.server_now > own.closes_at
        made = [one for one in self.at(of.id) if one.learner_id == learner]
        return Entry(of.weight, of.scoring_policy, is_over, made)
