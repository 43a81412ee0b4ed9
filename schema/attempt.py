"""Attempts: what was answered, by when, for how much, and the proof of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import attempt, guards
from schema.binding import batched, of, told
from schema.directives import about
from schema.freshness import AsOf
from schema.keeping import never_kept
from schema.learner import Learner
from schema.node import Node
from schema.strangled import ASSESSMENT_SCORING, COURSE_READ
from services.contracts import assessment as words
from services.contracts.errors import ErrorCode

if TYPE_CHECKING:
    from schema.assessment import Assessment

strawberry.enum(words.AttemptState)


@strawberry.type(
    description="Points got of the points there were; `scaled` is between 0 and 1, its penalty "
    "taken off.",
    directives=[never_kept()],
)
@of(words.Score)
class Score:
    raw: float
    max: float
    scaled: float
    penalty: float = strawberry.field(description="Points taken off for late.")
    late: bool
    provisional: bool = strawberry.field(description="An item still waits for a human.")
    regraded_from: float | None = strawberry.field(
        description="What `raw` was before the last regrade that changed it."
    )


@strawberry.type(
    description="When one may work, accommodations counted in; `endsAt` is null where nothing ends "
    "it, and before the start it is when it would end if it began now.",
    directives=[never_kept()],
)
@of(words.Window)
class Window:
    opens_at: datetime | None
    closes_at: datetime | None
    ends_at: datetime | None
    extra_time: timedelta
    server_now: datetime


@strawberry.type(description="An item's newest answer; none of its fields where it was cleared.")
@of(words.Answer)
class Answer:
    item_id: strawberry.ID
    sequence: int
    choices: list[strawberry.ID] | None = told(lambda ctx, one: one.response.choices)
    text: str | None = told(lambda ctx, one: one.response.text)
    number: float | None = told(lambda ctx, one: one.response.number)
    saved_at: datetime
    points: float | None


@strawberry.type(description="Proof of a submit: what one can show at an appeal.")
@of(words.Receipt)
class Receipt:
    hash: str
    accepted_at: datetime
    answered: int
    of: int


@strawberry.type(description="An item's right answer; of a text `texts` are the accepted ones.")
@of(words.Correct)
class Correct:
    item_id: strawberry.ID
    choices: list[strawberry.ID] | None
    texts: list[str] | None
    number: float | None


@strawberry.type(
    description="Why an attempt is shown to its learner as it was last known, and not as it is.",
    directives=[never_kept()],
)
@of(words.Waiting)
class Waiting:
    known_at: datetime
    code: ErrorCode
    message: str = told(lambda ctx, one: ctx.say(one.message))
    will_be_credited: bool = strawberry.field(
        description="Where the service itself is away, from ten seconds on and for two hours at "
        "most, that time is given back by itself: the attempt's `window` says so afterwards."
    )


@strawberry.type(directives=[never_kept()])
@of(words.Attempt)
class Attempt(Node):
    number: int
    state: words.AttemptState
    version: int
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None
    window: Window | None
    answers: list[Answer] = strawberry.field(directives=[about(20)])
    score: Score | None = strawberry.field(directives=[ASSESSMENT_SCORING])
    receipt: Receipt | None
    correct: list[Correct] | None = strawberry.field(
        description="For staff; for the learner once nobody can still be working on it.",
        directives=[about(20)],
    )
    preview: bool = strawberry.field(description="Of somebody who teaches: it never counts.")
    banked: bool = strawberry.field(description="Carried over from an earlier presentation.")
    as_of: AsOf = told(attempt.as_of)
    waiting: Waiting | None = strawberry.field(
        description="Where its side cannot be asked: then this is what was last known of it."
    )
    assessment: Annotated["Assessment", strawberry.lazy("schema.assessment")] | None = batched(
        attempt.assessments_of,
        guards=[guards.sees_attempt],
        reveals=[guards.enrolled],
        keeps=never_kept(),
        moves=COURSE_READ,
    )
    learner: Learner | None = batched(
        attempt.learners_of,
        guards=[guards.sees_attempt],
        reveals=[guards.may_know],
        keeps=never_kept(),
        moves=COURSE_READ,
    )
