"""What a command comes to, before anything is written.

Changed     append its events; the attempt is as it says
Duplicate   it had been done before, or there is nothing to do: write nothing
Conflict    not as the attempt is by now: write nothing
Refused     not like that, whatever the attempt: write nothing
"""

from dataclasses import dataclass
from typing import TypeAlias

from services.assessment.model.attempt import Attempt
from services.assessment.model.events import AttemptEvent
from services.assessment.model.evolve import evolve
from services.contracts.errors import ErrorCode, Refused


@dataclass(frozen=True, slots=True)
class Changed:
    """`events` are to be appended; the last one's version is `attempt.version`."""

    attempt: Attempt
    events: tuple[AttemptEvent, ...] = ()

    def then(self, event: AttemptEvent) -> "Changed":
        return Changed(evolve(self.attempt, event), (*self.events, event))


@dataclass(frozen=True, slots=True)
class Duplicate:
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Conflict:
    attempt: Attempt
    code: ErrorCode
    message: str
    retryable: bool = False


Decision: TypeAlias = Changed | Duplicate | Conflict | Refused


def begun(before: Attempt | None, event: AttemptEvent) -> Changed:
    return Changed(evolve(before, event), (event,))
