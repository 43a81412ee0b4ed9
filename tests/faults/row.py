"""One fault row: what goes wrong, what we promise then, and what a test may take to show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`figure` is the claim; `budget_s` is for one test at `n_test`."""

    id: str
    area: str
    fault: str
    promise: str
    figure: str
    n_test: int
    n_full: int
    budget_s: float

    def n(self, full: bool) -> int:
        return self.n_full if full else self.n_test

    def allowed_s(self, full: bool) -> float:
        """The budget grows with N: a full run of a row is the same work, more often."""
        return self.budget_s * self.n(full) / self.n_test
