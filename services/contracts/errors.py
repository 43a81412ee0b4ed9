"""What can go wrong between us and a source, as data for clients and as errors for code.

UpstreamError
├── UpstreamTimeout         it took longer than what was left of the budget
├── UpstreamUnreachable     no connection, or it broke
│   ├── UpstreamNotFound      its name does not resolve
│   ├── UpstreamNotTrusted    its certificate does not hold, or no longer
│   └── UpstreamRefusing      nobody listens at its port
├── UpstreamMisbehaved      it answered, but not as agreed
└── UpstreamSpared          it was not called, of our own accord
    ├── UpstreamCrowded       too many calls to it are under way
    ├── UpstreamResting       it failed so often that it is left alone for a moment
    └── UpstreamThrottled     it fails so many that it is sent fewer
"""

from enum import StrEnum

import msgspec


class ErrorCode(StrEnum):
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    INVALID = "INVALID"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    ATTEMPT_CLOSED = "ATTEMPT_CLOSED"
    ATTEMPT_LIMIT = "ATTEMPT_LIMIT"
    CLASS_CLOSED = "CLASS_CLOSED"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    KEY_REUSED = "KEY_REUSED"
    IN_PROGRESS = "IN_PROGRESS"
    RATE_LIMITED = "RATE_LIMITED"
    READ_ONLY = "READ_ONLY"
    UPSTREAM_TIMEOUT = "UPSTREAM_TIMEOUT"
    UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"


class Refused(msgspec.Struct, frozen=True):
    """Why one thing is not given; `message` is safe to show."""

    code: ErrorCode
    message: str
    retryable: bool = False
    retry_after_ms: int | None = None


HIDDEN = Refused(ErrorCode.NOT_FOUND, "There is no such thing here.")
"""Said of what is missing and of what is another's alike, so that neither can be told apart."""

UNAUTHENTICATED = Refused(ErrorCode.UNAUTHENTICATED, "Sign in first.")

FORBIDDEN = Refused(ErrorCode.FORBIDDEN, "You may not see or do this.")

KEY_REUSED = Refused(ErrorCode.KEY_REUSED, "This key was used for something else: take a new one.")


class UpstreamError(Exception):
    """A source did not answer as agreed."""

    refusal = Refused(
        ErrorCode.UPSTREAM_UNAVAILABLE,
        "This part is unavailable for the moment.",
        retryable=True,
        retry_after_ms=1_000,
    )


class UpstreamTimeout(UpstreamError):
    """It took longer than what was left of the budget."""

    refusal = Refused(
        ErrorCode.UPSTREAM_TIMEOUT,
        "This part took too long to answer.",
        retryable=True,
        retry_after_ms=1_000,
    )


class UpstreamUnreachable(UpstreamError):
    """There was no connection, or it broke."""


class UpstreamNotFound(UpstreamUnreachable):
    """Its name does not resolve, which is no fault of its own."""


class UpstreamNotTrusted(UpstreamUnreachable):
    """Its certificate does not hold, or no longer."""


class UpstreamRefusing(UpstreamUnreachable):
    """Nobody listens at its port."""


class UpstreamMisbehaved(UpstreamError):
    """It answered, but not as agreed: too large, the wrong form, an unexpected status."""


class UpstreamSpared(UpstreamError):
    """It was not called, of our own accord: nothing was done there."""


class UpstreamCrowded(UpstreamSpared):
    """Too many calls to it are under way."""


class UpstreamResting(UpstreamSpared):
    """It failed so often that it is left alone for a moment."""


class UpstreamThrottled(UpstreamSpared):
    """It fails so many calls that it is sent fewer."""
