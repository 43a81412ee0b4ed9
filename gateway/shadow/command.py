"""One command to the old side, as the service is asked what it would have made of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flags.names import ASSESSMENT_ATTEMPTS, Capability
from resolvers.ports import AttemptResult
from services.contracts.assessment import Attempt, AttemptAccepted, Given
from services.contracts.dry_run import Became, Decided, DryRun, Verb
from services.contracts.errors import Refused
from services.contracts.ids import AssessmentId, AttemptId, Kind, Side
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.local import local, local_text

OWN = re.compile("(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})-([1-9][0-9]{0,8})")
SECOND = timedelta(seconds=1)
"""The monolith's clock has whole ones (WHOLE_SECONDS), and may be off by one."""


@dataclass(frozen=True, slots=True)
class Command:
    """`number` is the attempt's; 0 where there is none yet."""

    viewer: Viewer
    verb: Verb
    assessment: int
    number: int = 0
    answers: Sequence[Given] = ()
    expected_version: int | None = None

    @property
    def capability(self) -> Capability:
        return ASSESSMENT_ATTEMPTS

    @property
    def name(self) -> str:
        return f"attempting.{self.verb}"

    def dry(self, done: AttemptResult, sent_at: datetime, told_at: datetime) -> DryRun:
        """The question; what was written says to the second when that was decided."""
        became = became_of(done)
        moments = {
            Verb.START: became and became.started_at,
            Verb.SAVE: became and became.saved_at,
            Verb.SUBMIT: became and became.submitted_at,
        }
        at = moments[self.verb]
        is_there = isinstance(done, AttemptAccepted) and done.duplicate
        return DryRun(
            self.verb,
            self.assessment,
            since=at or sent_at - SECOND,
            until=at + SECOND if at else told_at + SECOND,
            number=self.number,
            answers=[] if is_there else list(self.answers),
            expected_version=self.expected_version,
            became=became,
        )


def start_of(caller: Caller, assessment: AssessmentId) -> Command | None:
    """None where it names nothing that could be the caller's."""
    own = local(caller, Kind.ASSESSMENT, assessment)
    return None if own is None else Command(caller.viewer, Verb.START, own)


def command_of(
    caller: Caller,
    verb: Verb,
    attempt: AttemptId,
    answers: Sequence[Given],
    expected_version: int | None,
) -> Command | None:
    """The same: nobody else's attempt is touched, nor asked for."""
    named = OWN.fullmatch(local_text(caller, Kind.ATTEMPT, attempt, Side.LEGACY) or "")
    if named is None or named[2] != caller.viewer.user:
        return None
    assessment, number = int(named[1]), int(named[3])
    return Command(caller.viewer, verb, assessment, number, answers, expected_version)


def told(done: AttemptResult) -> Decided | Refused:
    """What the monolith did, in words that both sides have."""
    if isinstance(done, AttemptAccepted):
        return _decided(done.attempt)
    return Refused(done.code, done.message)


def foretold(one: Decided) -> Decided | Refused:
    return one if one.code is None else Refused(one.code, message=one.code)


def became_of(done: AttemptResult) -> Became | None:
    """None where nothing was written."""
    if not isinstance(done, AttemptAccepted) or done.duplicate:
        return None
    one = done.attempt
    return Became(one.number, one.state, one.started_at, one.saved_at, one.submitted_at)


def _decided(one: Attempt) -> Decided:
    return Decided(
        number=one.number,
        state=one.state,
        late=None if one.score is None else one.score.late,
        ends_at=None if one.window is None else one.window.ends_at,
    )
