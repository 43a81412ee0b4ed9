"""What an import leaves out, counted by reason."""

from collections import Counter
from enum import StrEnum


class Reason(StrEnum):
    NO_SCORE = "no score"
    UNKNOWN_PRESENTATION = "unknown presentation"
    UNKNOWN_ASSESSMENT = "unknown assessment"
    UNKNOWN_LEARNER = "unknown learner"
    NOT_ENROLLED = "learner not enrolled"
    TWICE = "said twice"
    MALFORMED = "malformed row"


class Refusals:
    def __init__(self) -> None:
        self.counts: Counter[Reason] = Counter()
        self.malformed_rows: list[str] = []
        """Where each is and what is wrong with it."""

    def add(self, reason: Reason) -> None:
        self.counts[reason] += 1

    def malformed(self, file: str, line: int, wrong: ValueError) -> None:
        self.add(Reason.MALFORMED)
        self.malformed_rows.append(f"{file}, line {line}: {wrong}")
