"""Assessments: their definitions and items, one's own attempts, and everybody's for staff."""

from datetime import datetime, timedelta

import strawberry

from resolvers import assessment as answers
from resolvers import attempt, guards
from schema.attempt import Attempt, Score, Window
from schema.binding import batched, of
from schema.directives import about, weighs
from schema.keeping import as_its_parent, never_kept, shared
from schema.node import Node
from schema.paging import Connection
from schema.strangled import ASSESSMENT_READ, COURSE_READ
from services.contracts import assessment as words

strawberry.enum(words.AssessmentKind)
strawberry.enum(words.ItemKind)
strawberry.enum(words.ScoringPolicy)


@strawberry.type(directives=[as_its_parent()])
@of(words.Choice)
class Choice:
    id: strawberry.ID
    label: str


@strawberry.type(description="A question, without its answer.", directives=[as_its_parent()])
@of(words.Item)
class Item:
    id: strawberry.ID
    prompt: str
    kind: words.ItemKind
    choices: list[Choice] = strawberry.field(directives=[about(5)])
    points: float


@strawberry.type(directives=[never_kept()])
@of(words.SubmissionCount)
class SubmissionCount:
    state: words.AttemptState
    count: int


@strawberry.type(directives=[shared(60, stale_s=30)])
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
    items: list[Item] | None = batched(
        answers.items,
        guards=[guards.enrolled],
        costs=[about(20)],
        keeps=shared(60, stale_s=30),
        moves=COURSE_READ,
    )
    window: Window | None = batched(
        attempt.windows,
        guards=[guards.enrolled],
        says="When one may work oneself, accommodations counted in.",
        keeps=never_kept(),
        moves=ASSESSMENT_READ,
    )
    attempts: Connection[Attempt] | None = batched(
        attempt.mine,
        guards=[guards.enrolled],
        says="One's own attempts.",
        keeps=never_kept(),
        moves=ASSESSMENT_READ,
    )
    score: Score | None = batched(
        attempt.kept_scores,
        guards=[guards.enrolled],
        says="One's own, of all attempts, by the scoring policy.",
        keeps=never_kept(),
        moves=ASSESSMENT_READ,
    )
    submissions: Connection[Attempt] | None = batched(
        attempt.submissions,
        guards=[guards.supervises],
        says="Everybody's attempts: for those who teach or supervise.",
        costs=[weighs(5)],
        keeps=never_kept(),
        moves=ASSESSMENT_READ,
    )
    submission_counts: list[SubmissionCount] | None = batched(
        attempt.submission_counts,
        guards=[guards.supervises],
        says="How many submissions there are of each state, with those that were only made ahead.",
        costs=[weighs(5), about(8)],
        keeps=never_kept(),
        moves=ASSESSMENT_READ,
    )
