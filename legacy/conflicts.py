"""What the monolith means by a 409: it tells its reasons in prose alone (CONFLICTS_IN_PROSE)."""

from services.contracts.errors import ErrorCode, Refused

CODES = {
    "This assessment is not open yet.": ErrorCode.WINDOW_CLOSED,
    "This assessment is closed.": ErrorCode.WINDOW_CLOSED,
    "There are no attempts left.": ErrorCode.ATTEMPT_LIMIT,
    "This attempt is finished.": ErrorCode.ATTEMPT_CLOSED,
    "This class is not open yet.": ErrorCode.CLASS_CLOSED,
    "This class is not open.": ErrorCode.CLASS_CLOSED,
    "This class has ended.": ErrorCode.CLASS_CLOSED,
    "Join the class first.": ErrorCode.INVALID,
}


def refusal_of(sentence: str) -> Refused:
    """Raises KeyError for a sentence that it has not said before."""
    return Refused(CODES[sentence], sentence)
