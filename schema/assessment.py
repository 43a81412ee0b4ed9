"""Assessments: their definitions, their items, and attempts at them."""

from datetime import datetime, timedelta

import strawberry

from resolvers import assessment as answers
from resolvers import guards
from schema.binding import batched, of
from schema.learner import Learner
from schema.node import Node
from schema.paging import Connection
from services.contracts import assessment as words

strawberry.enum(words.AssessmentKind)
strawberry.enum(words.AttemptState)
strawberry.enum(words.ItemKind)
strawberry.enum(words.ScoringPolicy)


@strawberry.type
@of(words.Choice)
class Choice:
    id: strawberry.ID
    label: str


@strawberry.type(description="A question, without its answer.")
@of(words.Item)
class Item:
    id: strawberry.ID
    prompt: str
    kind: words.ItemKind
    choices: list[Choice]
    points: float


@strawberry.type(description="Points got of the points there were; `scaled` is between 0 and 1.")
@of(words.Score)
class Score:
    raw: float
    max: float
    scaled: float
    late: bool


@strawberry.type
@of(words.Attempt)
class Attempt(Node):
    number: int
    state: words.AttemptState
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    score: Score | None
    assessment: "Assessment | None" = batched(answers.of_attempts, guards=[guards.owns])
    learner: Learner | None = batched(answers.learners_of_attempts, guards=[guards.owns])


@strawberry.type
@of(words.Assessment)
class Assessment(Node):
    title: str
    kind: words.AssessmentKind
    opens_at: datetime | None
    closes_at: datetime | None
    time_limit: timedelta | None
    grace: timedelta
    attempts_allowed: int | None
    scoring_policy: words.ScoringPolicy
    weight: float = strawberry.field(description="Its share of the course's score, in percent.")
    items: list[Item] | None = batched(answers.items, guards=[guards.enrolled])
    attempts: Connection[Attempt] | None = batched(
        answers.my_attempts, guards=[guards.enrolled], says="One's own attempts."
    )
