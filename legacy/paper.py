"""An assessment as attempts at it are read against: its questions, its times, its zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from legacy import translate, wire
from legacy.answers import response
from legacy.fanout import known
from legacy.zones import later, to_utc
from services.contracts.assessment import Answer, Attempt, Receipt, Score, Source, Window
from services.contracts.ids import (
    AssessmentId,
    AttemptId,
    Kind,
    Side,
    TenantId,
    encode,
    learner_id,
)
from services.contracts.receipt import receipt

NOT_COUNTED = 0
"""The sequence of every answer, and each attempt's version (NO_SEQUENCES)."""


@dataclass(frozen=True, slots=True)
class Paper:
    tenant: TenantId
    zone: ZoneInfo
    found: wire.Paper

    def attempt(self, said: wire.Attempt) -> Attempt:
        own = AttemptId(encode(Kind.ATTEMPT, self.tenant, said.id, Side.LEGACY))
        answers, submitted_at = self._answers(said), self._instant(said.submitted)
        return Attempt(
            id=own,
            assessment_id=AssessmentId(encode(Kind.ASSESSMENT, self.tenant, said.assessment)),
            course_id=translate.course_id(self.tenant, said.course),
            learner_id=learner_id(self.tenant, said.user),
            number=said.number,
            state=translate.STATES[said.state],
            started_at=self._instant(said.started),
            saved_at=self._instant(said.saved),
            submitted_at=submitted_at,
            score=_score(said),
            version=NOT_COUNTED,
            window=self.window(said.started),
            answers=answers,
            receipt=self._receipt(own, submitted_at, answers),
            banked=said.banked,
            source=Source.LEGACY,
        )

    def window(self, started: str | None) -> Window:
        """Of an attempt that was started then, or is started now."""
        return Window(
            opens_at=self._instant(self.found.opens),
            closes_at=self._instant(self.found.closes),
            ends_at=self._instant(self._ends(started or self.found.now)),
            extra_time=timedelta(0),
            server_now=to_utc(self.found.now, self.zone),
        )

    def _ends(self, started: str) -> str | None:
        """On the wall's clock, which alone the monolith looks at (WALL_CLOCK_LIMITS)."""
        ends = [self.found.closes] if self.found.closes else []
        if self.found.time_limit_min is not None:
            ends.append(later(started, timedelta(minutes=self.found.time_limit_min)))
        return min(ends, default=None)

    def _answers(self, said: wire.Attempt) -> list[Answer]:
        """In order of the questions there are now."""
        answered = [one for one in self.found.questions if one.id in said.answers]
        return known(answered, lambda question: self._answer(said, question))

    def _answer(self, said: wire.Attempt, question: wire.Question) -> Answer:
        """When it was saved is known of the attempt alone."""
        given = response(question, said.answers[question.id])
        saved_at = to_utc(said.saved or said.started or "", self.zone)
        return Answer(question.id, NOT_COUNTED, given, saved_at)

    def _receipt(
        self, attempt: AttemptId, submitted_at: datetime | None, answers: list[Answer]
    ) -> Receipt | None:
        """Made anew each time, as none is kept (NO_RECEIPTS)."""
        if submitted_at is None:
            return None
        return receipt(attempt, submitted_at, answers, len(self.found.questions))

    def _instant(self, text: str | None) -> datetime | None:
        return translate.instant(text, self.zone)


def _score(said: wire.Attempt) -> Score | None:
    return None if said.score is None else Score(said.score, said.max, said.late)
