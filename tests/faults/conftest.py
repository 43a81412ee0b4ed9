"""Every test of a fault row is held to the row's budget."""

from tests.faults.budget import pytest_itemcollected, within_budget
from tests.faults.heap import settled

__all__ = ["pytest_itemcollected", "settled", "within_budget"]
