"""Answers an operation out of what this process keeps, in one step, or leaves it to be executed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gateway.cache.answers import Answers, Facts, Names
from gateway.cache.fetched import Found
from gateway.execution.answering import is_shared_with
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from resolvers.context import Enrolments, Has, Known
from resolvers.guards import judge_now
from services.contracts.learning import Enrolment
from services.contracts.viewer import Viewer

KeptEnrolments: TypeAlias = Callable[[Viewer], Sequence[Enrolment] | None]
"""None where this process does not have them fresh."""


@dataclass(frozen=True, slots=True)
class Recalling:
    """Guards judge each viewer, by what the viewer is known to take and teach."""

    engine: Engine
    answers: Answers
    enrolments: KeptEnrolments

    @property
    def hears_s(self) -> float:
        """For how many seconds from now all changes are sure to be heard."""
        return self.answers.hears_s

    def counts(self, operation: Operation, viewer: Viewer) -> bool:
        """Of one more that is told what `recall` found: whether it is within the viewer's rate."""
        if not self.engine.admission.is_paid(operation, viewer):
            return False
        self.engine.count(operation)
        self.answers.count_hit(operation)
        return True

    def recall(self, operation: Operation, viewer: Viewer, names: Names) -> Found[bytes] | None:
        """None where it is to be waited for or refused; `names` is kept beside the operation."""
        if not is_shared_with(operation, viewer) or not self.engine.affords(operation, viewer):
            return None

        def may(facts: Facts) -> bool:
            return not facts or self._may(facts, viewer)

        found = self.answers.kept(operation, viewer, names, may)
        return found if found is not None and self.counts(operation, viewer) else None

    def _may(self, facts: Facts, viewer: Viewer) -> bool:
        enrolments = self.enrolments(viewer)
        if enrolments is None:
            return False
        return judge_now(facts, Known(viewer, Has(Enrolments(enrolments))))
