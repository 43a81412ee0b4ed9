"""Words for what teachers, proctors and operators do to attempts, and what comes of it."""

from datetime import timedelta
from enum import StrEnum

import msgspec

from services.contracts.ids import AssessmentId, LearnerId


class Deed(StrEnum):
    """What staff do to one attempt, with a reason and nothing else."""

    PAUSE = "PAUSE"
    RESUME = "RESUME"
    VOID = "VOID"
    REOPEN = "REOPEN"


class Extra(msgspec.Struct, frozen=True):
    """What learners are granted on top of what they have; of multipliers the greatest counts."""

    learner_ids: list[LearnerId]
    extra: timedelta
    multiplier: float
    extra_attempts: int


class TimeGranted(msgspec.Struct, frozen=True):
    learner_ids: list[LearnerId]


class RegradeAccepted(msgspec.Struct, frozen=True):
    """`attempts` finished ones are graded anew, in the background."""

    attempts: int


class RulesSet(msgspec.Struct, frozen=True):
    assessment_id: AssessmentId
