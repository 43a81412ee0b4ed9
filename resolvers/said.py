"""What may be said in commands to attempts: what is too long or too much is INVALID."""

from collections.abc import Sequence
from datetime import timedelta
from math import isfinite

from services.contracts.assessment import Given, Response
from services.contracts.errors import ErrorCode, Refused

LONGEST_KEY = 200
MOST_ANSWERS = 500
MOST_CHOICES = 200
LONGEST_NAME = 200
LONGEST_TEXT = 20_000
LONGEST_REASON = 500
MOST_LEARNERS = 2_000
MOST_ATTEMPTS = 1_000
MOST_MULTIPLIER = 10.0
MOST_EXTRA = timedelta(days=7)
MOST_POINTS = 1e9


def _invalid(message: str) -> Refused:
    return Refused(ErrorCode.INVALID, message)


BAD_KEY = _invalid(f"A key has between 1 and {LONGEST_KEY} characters.")
BAD_REASON = _invalid(f"A reason has between 1 and {LONGEST_REASON} characters.")
BAD_NOTE = _invalid(f"A note has {LONGEST_REASON} characters at most.")
BAD_VERSION = _invalid("`expectedVersion` counts from 0.")
BAD_SEQUENCE = _invalid("A sequence counts from 0.")
BAD_POINTS = _invalid("Points are a number that is not below 0.")
BAD_RESPONSE = _invalid("Say `choices`, `text`, `number`, or `cleared: true`.")
BAD_NUMBER = _invalid("A number must be finite.")
BAD_ITEM = _invalid("An item or a choice is named by 1 to 200 characters.")
TOO_LONG = _invalid(f"A text has {LONGEST_TEXT:,} characters at most.")
TOO_MANY = _invalid(f"So many answers do not fit: send {MOST_ANSWERS} at most.")
TOO_MANY_CHOICES = _invalid(f"An answer names {MOST_CHOICES} choices at most.")
TWICE = _invalid("An item is answered twice: send its newest answer alone.")
BAD_LEARNERS = _invalid(f"Name between 1 and {MOST_LEARNERS:,} learners.")
BAD_EXTRA = _invalid(f"Extra time lies between none and {MOST_EXTRA.days} days.")
BAD_MULTIPLIER = _invalid(f"A multiplier lies between 1 and {MOST_MULTIPLIER:.0f}.")
BAD_ATTEMPTS = _invalid(f"Extra attempts lie between 0 and {MOST_ATTEMPTS:,}.")


def is_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY


def wrong_with_reason(reason: str, key: str) -> Refused | None:
    if not is_key(key):
        return BAD_KEY
    is_said = len(reason.strip()) > 0 and len(reason) <= LONGEST_REASON
    return None if is_said else BAD_REASON


def wrong_with_answers(
    answers: Sequence[Given | None], key: str, expected_version: int | None
) -> Refused | None:
    """None stands for an answer that said nothing."""
    if not is_key(key):
        return BAD_KEY
    if expected_version is not None and expected_version < 0:
        return BAD_VERSION
    if len(answers) > MOST_ANSWERS:
        return TOO_MANY
    return next(filter(None, map(_wrong_with_answer, answers)), None) or _wrong_with_items(answers)


def _wrong_with_items(answers: Sequence[Given | None]) -> Refused | None:
    items = [answer.item_id for answer in answers if answer is not None]
    return TWICE if len(set(items)) < len(items) else None


def _wrong_with_answer(answer: Given | None) -> Refused | None:
    if answer is None:
        return BAD_RESPONSE
    if answer.sequence < 0:
        return BAD_SEQUENCE
    return wrong_with_item(answer.item_id) or wrong_with_response(answer.response)


def wrong_with_item(name: str) -> Refused | None:
    return None if 0 < len(name) <= LONGEST_NAME else BAD_ITEM


def wrong_with_response(response: Response) -> Refused | None:
    if response.number is not None and not isfinite(response.number):
        return BAD_NUMBER
    if response.text is not None and len(response.text) > LONGEST_TEXT:
        return TOO_LONG
    choices = response.choices or []
    if len(choices) > MOST_CHOICES:
        return TOO_MANY_CHOICES
    return next(filter(None, map(wrong_with_item, choices)), None)


def wrong_with_points(points: float) -> Refused | None:
    return None if 0 <= points <= MOST_POINTS else BAD_POINTS


def wrong_with_grant(
    learners: int, extra: timedelta, multiplier: float, extra_attempts: int
) -> Refused | None:
    checks = (
        (1 <= learners <= MOST_LEARNERS, BAD_LEARNERS),
        (timedelta(0) <= extra <= MOST_EXTRA, BAD_EXTRA),
        (1 <= multiplier <= MOST_MULTIPLIER, BAD_MULTIPLIER),
        (0 <= extra_attempts <= MOST_ATTEMPTS, BAD_ATTEMPTS),
    )
    return next((wrong for is_right, wrong in checks if not is_right), None)
