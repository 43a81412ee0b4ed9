"""Attempts of a fake platform as they are read; who may see them is judged elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from services.contracts.assessment import Assessment, Attempt, AttemptState, Window
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, AttemptId, Kind, LearnerId, decode, encode
from services.contracts.paging import Key, Page, page_of
from services.kit.caller import Caller
from tests.fakes.platform import FakePlatform, owner_of
from tests.fakes.timing import window

OPEN = (AttemptState.IN_PROGRESS, AttemptState.OVERDUE)


@dataclass
class FakeReading:
    platform: FakePlatform

    async def mine(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[list[Attempt] | Refused]:
        self.platform.calls["attempts.mine"] += 1
        return self.platform.each(ids, lambda one: self._mine(caller, one))

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> Sequence[Attempt | Refused]:
        self.platform.calls["attempts.many"] += 1
        return self.platform.each(ids, self._one)

    async def windows(
        self, caller: Caller, ids: Sequence[AssessmentId]
    ) -> Sequence[Window | Refused]:
        self.platform.calls["attempts.windows"] += 1

        def find(assessment: AssessmentId) -> Window | None:
            definition = self.platform.assessments.get(assessment)
            if definition is None:
                return None
            mine = self._mine(caller, assessment) or []
            open_ = next((one for one in mine if one.state in OPEN), None)
            return self._window(definition, learner_of(caller), open_)

        return self.platform.each(ids, find)

    async def submissions(
        self,
        caller: Caller,
        ids: Sequence[AssessmentId],
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> Sequence[Page[Attempt] | Refused]:
        self.platform.calls["attempts.submissions"] += 1
        return self.platform.each(ids, lambda one: self._page(one, first, after, states))

    def shown(self, attempt: Attempt) -> Attempt:
        """With its window as it is now."""
        definition = self.platform.assessments[attempt.assessment_id]
        return replace(attempt, window=self._window(definition, attempt.learner_id, attempt))

    def _one(self, attempt: AttemptId) -> Attempt | None:
        found = self.platform.attempts.get(attempt)
        return found and self.shown(found)

    def _mine(self, caller: Caller, assessment: AssessmentId) -> list[Attempt] | None:
        if assessment not in self.platform.assessments:
            return None
        mine = [one for one in self.at(assessment) if one.learner_id == learner_of(caller)]
        begun = [one for one in mine if one.state is not AttemptState.NOT_STARTED]
        return [self.shown(one) for one in sorted(begun, key=lambda one: one.number)]

    def _page(
        self,
        assessment: AssessmentId,
        first: int,
        after: Key | None,
        states: Sequence[AttemptState],
    ) -> Page[Attempt] | None:
        if assessment not in self.platform.assessments:
            return None
        rows = sorted(
            (_key(one), self.shown(one))
            for one in self.at(assessment)
            if not one.preview and _is_wanted(one, states)
        )
        ahead = [row for row in rows if after is None or row[0] > after]
        more = len(ahead) > first
        return page_of(ahead[:first], more=more, behind=after is not None, total=len(rows))

    def at(self, assessment: AssessmentId) -> list[Attempt]:
        found = self.platform.attempts.values()
        return [one for one in found if one.assessment_id == assessment]

    def _window(self, of: Assessment, learner: LearnerId, attempt: Attempt | None) -> Window:
        return window(self.platform.hall, of, learner, attempt)


def learner_of(caller: Caller) -> LearnerId:
    return LearnerId(encode(Kind.LEARNER, *owner_of(caller.viewer)))


def _is_wanted(attempt: Attempt, states: Sequence[AttemptState]) -> bool:
    if states:
        return attempt.state in states
    return attempt.state is not AttemptState.NOT_STARTED


def _key(attempt: Attempt) -> Key:
    user = int(decode(attempt.learner_id).local)
    return (f"{user:020}-{attempt.number:09}", attempt.id)
