"""Why something cannot be done to an attempt as it is by now."""

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Conflict
from services.contracts.errors import ErrorCode


def closed(attempt: Attempt) -> Conflict:
    return Conflict(attempt, ErrorCode.ATTEMPT_CLOSED, "This attempt is closed.")


def not_submitted(attempt: Attempt) -> Conflict:
    return Conflict(attempt, ErrorCode.ATTEMPT_CLOSED, "Only a submitted attempt is graded.")


def time_is_over(attempt: Attempt) -> Conflict:
    return Conflict(attempt, ErrorCode.WINDOW_CLOSED, "The time of this attempt is over.")


def paused(attempt: Attempt) -> Conflict:
    return Conflict(attempt, ErrorCode.WINDOW_CLOSED, "This attempt is paused.", retryable=True)


def no_time_left(attempt: Attempt) -> Conflict:
    return Conflict(attempt, ErrorCode.WINDOW_CLOSED, "No time would be left: grant time first.")


def another_is_open(attempt: Attempt) -> Conflict:
    return Conflict(attempt, ErrorCode.ATTEMPT_CLOSED, "Another attempt is open.")


def changed_meanwhile(attempt: Attempt) -> Conflict:
    return Conflict(
        attempt, ErrorCode.VERSION_CONFLICT, "This attempt was changed from somewhere else."
    )


def not_ended(attempt: Attempt) -> Conflict:
    return Conflict(attempt, ErrorCode.ATTEMPT_CLOSED, "Only an attempt that ended is reopened.")
