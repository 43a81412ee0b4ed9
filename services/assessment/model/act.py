"""Who of the staff does something, and why; without a reason nothing is done."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.errors import ErrorCode, Refused

LONGEST_REASON = 500
NO_REASON = Refused(ErrorCode.INVALID, f"Give a reason, of {LONGEST_REASON} characters at most.")


@dataclass(frozen=True, slots=True)
class Act:
    by: int
    reason: str
    now: datetime

    @property
    def is_explained(self) -> bool:
        return is_reason(self.reason)


def is_reason(text: str) -> bool:
    return bool(text.strip()) and is_note(text)


def is_note(text: str) -> bool:
    """No database keeps a zero character."""
    return len(text) <= LONGEST_REASON and "\0" not in text
