"""Judges the sittings of one block and keeps the tally."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from services.assessment.replay.archive import (
    AttemptLine,
    BadArchive,
    CourseLine,
    SittingLine,
    Work,
)
from services.assessment.replay.course_verdict import judge_course
from services.assessment.replay.explained import Class, Explained
from services.assessment.replay.kept_verdict import KeptVerdict, judge_kept
from services.assessment.replay.known import Definitions, Known
from services.assessment.replay.outcome import Outcome
from services.assessment.replay.tally import Example, Tally, add_up
from services.assessment.replay.verdict import Judge, Verdict

DIFFER = "differ"
ATTEMPTS = "attempts"
RESPONSES = "responses"


class Sheet:
    """`tally` is complete when all was judged."""

    def __init__(
        self, definitions: Definitions, at: datetime, explained: Sequence[Explained]
    ) -> None:
        self._definitions = definitions
        self._explained = explained
        self._judge = Judge(definitions, at, explained)
        self._asked: Counter[tuple[str, int]] = Counter()
        self.tally = Tally()

    def judge(self, lines: Iterable[tuple[int, Work]]) -> Tally:
        """Each with its number; raises BadArchive, which names it."""
        for number, line in lines:
            try:
                self._judge_line(number, line)
            except BadArchive as wrong:
                raise BadArchive(f"Line {number:,}: {wrong}") from wrong
        self._count_items()
        return self.tally

    def _judge_line(self, number: int, line: Work) -> None:
        if isinstance(line, SittingLine):
            self._one(number, line)
        else:
            self._course(number, line)

    def _course(self, number: int, line: CourseLine) -> None:
        self._counts(number, line.course, line.learner, judge_course(line, self._explained), None)

    def _one(self, number: int, sitting: SittingLine) -> None:
        verdicts = [self._attempt(number, sitting, line) for line in sitting.attempts]
        self.tally.sittings += 1
        if sitting.kept is not None:
            self._result(number, sitting, verdicts)

    def _attempt(self, number: int, sitting: SittingLine, line: AttemptLine) -> Verdict:
        verdict = self._judge.judge(sitting.assessment, line)
        tally = self.tally
        tally.attempts += 1
        tally.answered += len(line.answers) + len(line.odd)
        tally.banked += line.banked
        self._asked[sitting.assessment, line.version] += 1
        counted = tally.classes
        counted[verdict.counts_as] = counted.get(verdict.counts_as, 0) + 1
        if verdict.counts_as is not Class.EXACT:
            self._differs(number, sitting, verdict)
        return verdict

    def _differs(self, number: int, sitting: SittingLine, verdict: Verdict) -> None:
        tally = self.tally
        add_up(tally.assessments.setdefault(sitting.assessment, {}), {verdict.counts_as: 1})
        for kind in verdict.kinds:
            add_up(tally.kinds.setdefault(kind, {}), {verdict.counts_as: 1})
        reason = _reason(verdict)
        add_up(tally.reasons.setdefault(verdict.counts_as, {}), {reason: 1})
        name, by = f"{verdict.counts_as}: {reason}", _more(verdict)
        if tally.wants(name, by):
            tally.show(name, [_example(number, sitting, verdict, by)])

    def _result(self, number: int, sitting: SittingLine, verdicts: Sequence[Verdict]) -> None:
        known = self._definitions.of(sitting.assessment, 0)
        earlier = self._definitions.before(known)
        found = judge_kept(sitting, verdicts, known, earlier, self._explained)
        self._counts(number, sitting.assessment, sitting.learner, found, sitting.kept)

    def _counts(
        self, number: int, of: str, learner: str, found: KeptVerdict, recorded: float | None
    ) -> None:
        add_up(self.tally.results, {found.counts_as: 1})
        if found.counts_as is not Class.EXACT:
            reason = f"result: {_reason(found)}"
            add_up(self.tally.reasons.setdefault(found.counts_as, {}), {reason: 1})
            by = round((recorded or 0.0) - (found.ours or 0.0), 4)
            told = Example(
                number, of, learner, 0, {"score": recorded}, {"score": found.ours}, by, []
            )
            self.tally.show(f"{found.counts_as}: {reason}", [told])

    def _count_items(self) -> None:
        for (assessment, version), attempts in self._asked.items():
            known = self._definitions.of(assessment, version)
            self._count(known, attempts)

    def _count(self, known: Known, attempts: int) -> None:
        self.tally.responses += attempts * len(known.items)
        add_up(self.tally.assessments.setdefault(known.line.assessment, {}), {ATTEMPTS: attempts})
        for kind, items in Counter(item.kind.value for item in known.model.items).items():
            add_up(self.tally.kinds.setdefault(kind, {}), {RESPONSES: attempts * items})


def _reason(found: Verdict | KeptVerdict) -> str:
    return " + ".join(found.why) or ", ".join(found.where)


def _more(verdict: Verdict) -> float:
    return round((verdict.line.score or 0.0) - (verdict.outcome.score or 0.0), 4)


def _example(number: int, sitting: SittingLine, verdict: Verdict, by: float) -> Example:
    line, ours = verdict.line, verdict.outcome
    recorded = {"score": line.score, "max": line.max, "late": line.late, "penalty": line.penalty}
    return Example(
        line=number,
        assessment=sitting.assessment,
        learner=sitting.learner,
        number=line.number,
        recorded=recorded,
        ours=_told(ours),
        by=by,
        kinds=list(verdict.kinds),
    )


def _told(ours: Outcome) -> dict[str, float | bool | None]:
    return {"score": ours.score, "max": ours.max, "late": ours.late, "penalty": ours.penalty}
