"""Every test of a fault row is held to the row's budget."""

from tests.faults.budget import within_budget

__all__ = ["within_budget"]
