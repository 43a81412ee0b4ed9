"""Errors as data: what a mutation may answer, and what a refused field says."""

import strawberry

from schema.binding import of, told
from services.contracts import errors

strawberry.enum(errors.ErrorCode)


@strawberry.interface
class Error:
    code: errors.ErrorCode
    message: str = told(lambda ctx, error: ctx.say(error.message))
    retryable: bool
    retry_after_ms: int | None


@strawberry.type
@of(errors.Refused)
class Refused(Error):
    """The thing was not done, or may not be seen; `message` is safe to show."""
