"""Which rules an assessment may have."""

from services.contracts.assessment import Rules
from services.contracts.errors import ErrorCode, Refused

LONGEST_S = 10 * 366 * 24 * 3600
ALL = 100.0
"""Percent."""

WRONG = Refused(
    ErrorCode.INVALID, "Times are between 0 and ten years, a penalty is between 0 and 100 percent."
)


def check_rules(rules: Rules) -> Refused | None:
    spans = (rules.late_for_s or 0, rules.overdue_s, rules.prepare_s)
    is_right = all(0 <= span <= LONGEST_S for span in spans) and 0 <= rules.late_penalty <= ALL
    return None if is_right else WRONG
