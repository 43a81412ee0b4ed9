"""What teachers, proctors and operators do: each with a reason, kept with who and when."""

from datetime import timedelta
from typing import Annotated

import strawberry

from resolvers import supervising
from schema.attempting import ResponseInput
from schema.binding import of, told
from schema.errors import Refused
from services.contracts import assessment as words
from services.contracts import supervising as done
from services.contracts.freshness import ConsistencyToken

strawberry.enum(words.AtEnd)


@strawberry.input
class AttemptActionInput:
    attempt_id: strawberry.ID
    reason: str
    key: strawberry.ID


@strawberry.input
class GradeItemInput:
    attempt_id: strawberry.ID
    item_id: strawberry.ID
    points: float
    note: str | None = strawberry.UNSET
    key: strawberry.ID


@strawberry.input(description="Adds to what was granted; of multipliers the greatest counts.")
class GrantTimeInput:
    assessment_id: strawberry.ID
    learner_ids: list[strawberry.ID]
    extra: timedelta | None = strawberry.UNSET
    multiplier: float | None = strawberry.UNSET
    extra_attempts: int | None = strawberry.UNSET
    reason: str
    key: strawberry.ID


@strawberry.input(description="Grades an item anew, in every attempt, by another right answer.")
class RegradeInput:
    assessment_id: strawberry.ID
    item_id: strawberry.ID
    correct: ResponseInput
    reason: str
    key: strawberry.ID


@strawberry.input(description="Takes the place of the rules there were.")
class SetAssessmentRulesInput:
    assessment_id: strawberry.ID
    at_end: words.AtEnd
    late_for: timedelta | None = strawberry.field(
        default=strawberry.UNSET,
        description="How long after its end one is taken, as late; null: for good.",
    )
    late_penalty: float = strawberry.field(
        default=0.0, description="Percent of all points, for each day begun."
    )
    overdue: timedelta | None = strawberry.field(
        default=strawberry.UNSET, description="How long an overdue one may still be submitted."
    )
    prepare: timedelta | None = strawberry.field(
        default=strawberry.UNSET, description="How long before the opening all are made ahead."
    )
    key: strawberry.ID


@strawberry.type
@of(done.TimeGranted)
class TimeGranted:
    learner_ids: list[strawberry.ID]
    token: ConsistencyToken = told(supervising.token)


@strawberry.type(description="So many finished attempts are graded anew, in the background.")
@of(done.RegradeAccepted)
class RegradeAccepted:
    attempts: int
    token: ConsistencyToken = told(supervising.token)


@strawberry.type
@of(done.RulesSet)
class AssessmentRulesSet:
    assessment_id: strawberry.ID
    token: ConsistencyToken = told(supervising.token)


GrantTimeResult = Annotated[TimeGranted | Refused, strawberry.union("GrantTimeResult")]
RegradeResult = Annotated[RegradeAccepted | Refused, strawberry.union("RegradeResult")]
SetAssessmentRulesResult = Annotated[
    AssessmentRulesSet | Refused, strawberry.union("SetAssessmentRulesResult")
]
