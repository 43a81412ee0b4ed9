"""What the model makes of a command over what the old side had before it: nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.assessment.model.accommodation import Accommodation
from services.assessment.model.attempt import OPEN, Attempt
from services.assessment.model.decision import Changed, Conflict, Decision, Duplicate
from services.assessment.model.definition import Definition
from services.assessment.model.moment import Moment
from services.assessment.model.place import Place
from services.assessment.model.prior import Prior, prior
from services.assessment.model.save import save
from services.assessment.model.start import Starter, start
from services.assessment.model.submit import submit
from services.assessment.model.window import window_of
from services.contracts.assessment import ItemKind
from services.contracts.dry_run import Decided, DryRun, Verb
from services.contracts.errors import HIDDEN, Refused
from services.contracts.events import PastAttempt
from services.contracts.ids import TenantId


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose command it is, and what it is judged by: the definition that there is now."""

    tenant: TenantId
    user: int
    definition: Definition
    accommodation: Accommodation

    def decided(self, told: DryRun, before: Sequence[PastAttempt], at: datetime) -> Decided:
        decision = self._decision(told, before, Moment(at, at))
        match decision:
            case Changed() | Duplicate():
                return self._done(decision, at)
            case Conflict() | Refused():
                return Decided(decision.code)

    def _decision(self, told: DryRun, before: Sequence[PastAttempt], when: Moment) -> Decision:
        if told.verb is Verb.START:
            who = Starter(self.tenant, self.user, self.accommodation)
            return start(who, self.definition, self._prior(before), when)
        found = next((one for one in before if one.number == told.number), None)
        if found is None:
            return HIDDEN
        act = save if told.verb is Verb.SAVE else submit
        own = self._as_ours(found)
        return act(own, self.definition, told.answers, when, told.expected_version)

    def _prior(self, before: Sequence[PastAttempt]) -> Prior:
        """As if all had been begun here."""
        running = next((self._as_ours(one) for one in before if one.state in OPEN), None)
        return replace(prior([], before), running=running, elsewhere=False)

    def _as_ours(self, past: PastAttempt) -> Attempt:
        """Without answers, which nobody mirrors; the monolith counts no versions."""
        return Attempt(
            Place(self.tenant, self.definition.assessment, self.user, past.number),
            version=0,
            state=past.state,
            definition_version=self.definition.version,
            accommodation=self.accommodation,
            started_at=past.started_at,
            saved_at=past.saved_at,
            submitted_at=past.submitted_at,
            late=past.late,
        )

    def _done(self, decision: Changed | Duplicate, at: datetime) -> Decided:
        attempt = decision.attempt
        is_scored_now = isinstance(decision, Changed) and attempt.is_finished
        return Decided(
            number=attempt.place.number,
            state=None if is_scored_now and _asks_humans(self.definition) else attempt.state,
            late=attempt.late if attempt.is_finished else None,
            ends_at=window_of(attempt, self.definition, at).ends_at,
        )


def _asks_humans(definition: Definition) -> bool:
    """Whether an answer that is not known here may have to be read by somebody."""
    judged = {key.item for key in definition.keys if key.texts is not None}
    return any(item.kind is ItemKind.TEXT and item.id not in judged for item in definition.items)
