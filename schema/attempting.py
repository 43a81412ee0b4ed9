"""What learners do to their attempts, and what comes of it."""

from typing import Annotated

import strawberry

from resolvers import attempt
from schema.attempt import Attempt
from schema.binding import of, told
from schema.errors import Error, Refused
from services.contracts import assessment as words
from services.contracts.freshness import ConsistencyToken


@strawberry.input(one_of=True, description="`cleared: true` takes an answer back.")
class ResponseInput:
    choices: list[strawberry.ID] | None = strawberry.UNSET
    text: str | None = strawberry.UNSET
    number: float | None = strawberry.UNSET
    cleared: bool | None = strawberry.UNSET

    def word(self) -> words.Response | None:
        """None where it says nothing."""
        if self.cleared is not strawberry.UNSET:
            return words.Response() if self.cleared else None
        given = {name: value for name, value in vars(self).items() if value is not strawberry.UNSET}
        return words.Response(**given)


@strawberry.input(description="Of two for one item the one with the greater sequence stands.")
class AnswerInput:
    item_id: strawberry.ID
    sequence: int
    response: ResponseInput

    def word(self) -> words.Given | None:
        response = self.response.word()
        return None if response is None else words.Given(self.item_id, self.sequence, response)


@strawberry.input
class StartAttemptInput:
    assessment_id: strawberry.ID
    key: strawberry.ID


@strawberry.input
class SaveAnswersInput:
    attempt_id: strawberry.ID
    answers: list[AnswerInput]
    key: strawberry.ID
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description="Refuse with a conflict, instead of merging."
    )


@strawberry.input
class SubmitAttemptInput:
    attempt_id: strawberry.ID
    key: strawberry.ID
    answers: list[AnswerInput] | None = strawberry.UNSET
    expected_version: int | None = strawberry.UNSET


@strawberry.type
@of(words.AttemptAccepted)
class AttemptAccepted:
    attempt: Attempt
    duplicate: bool = strawberry.field(description="It had been done before.")
    token: ConsistencyToken = told(lambda ctx, done: attempt.token_of(ctx, done.attempt))


@strawberry.type
@of(words.AttemptConflict)
class AttemptConflict(Error):
    """Not done, because of how the attempt is by now."""

    current: Attempt


AttemptResult = Annotated[
    AttemptAccepted | AttemptConflict | Refused, strawberry.union("AttemptResult")
]
