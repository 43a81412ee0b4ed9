"""What a decision comes to: it is written and told, or nothing is done; and what is replied."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed, Conflict, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.shown import shown
from services.assessment.store.record import record, topic_of
from services.commands.bus import Handler
from services.commands.refusal import Refusal, Undone
from services.commands.uow import UnitOfWork
from services.contracts import assessment as words
from services.contracts.assessment import AttemptAccepted, AttemptConflict
from services.contracts.assessment_api import Outcome
from services.contracts.errors import Refused

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class About:
    """What was decided about: the attempt as it was, and whether the asker may see the answers."""

    attempt: Attempt | None
    definition: Definition
    now: datetime
    correct: bool = False

    def shown(self, attempt: Attempt) -> words.Attempt:
        return shown(attempt, self.definition, self.now, self.correct)


def handler(
    name: str, handle: Callable[[UnitOfWork, C], Awaitable[Outcome]]
) -> Handler[C, Outcome]:
    """Of a command that comes to an Outcome, which is no class but a choice of two."""
    return Handler(name, handle, cast("type[Outcome]", Outcome))


async def settle(work: UnitOfWork, about: About, decision: Decision) -> Outcome:
    match decision:
        case Changed():
            await keep(work, about, decision)
            return AttemptAccepted(about.shown(decision.attempt))
        case Duplicate():
            return AttemptAccepted(about.shown(decision.attempt), duplicate=True)
        case Conflict():
            return _conflict(about, decision)
        case Refused():
            raise Refusal(decision)


async def keep(work: UnitOfWork, about: About, changed: Changed) -> None:
    said = await record(
        work.db, work.outbox, about.attempt, changed, about.definition, work.traceparent
    )
    work.events.extend(said)
    work.tell(topic_of(changed.attempt.place))


def _conflict(about: About, no: Conflict) -> AttemptConflict:
    """What may be otherwise in a moment is no reply for good."""
    reply = AttemptConflict(no.code, no.message, about.shown(no.attempt), no.retryable)
    if no.retryable:
        raise Undone(reply)
    return reply
