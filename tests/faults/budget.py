"""Fails the test of a fault row that takes longer than the row allows.

A budget is of a machine that does nothing else: workers side by side share its cores.
"""

import os
import time
from collections.abc import Iterator

import pytest

from tests import figures
from tests.faults import registry
from tests.faults.row import Row

LEAST_S = 300.0


@pytest.fixture(autouse=True)
def within_budget(request: pytest.FixtureRequest) -> Iterator[None]:
    began_s = time.monotonic()
    yield
    row = registry.row_of(request.node.name)
    took_s = (time.monotonic() - began_s) / workers()
    if row is not None and (said := overrun(row, took_s, figures.is_full())):
        pytest.fail(said, pytrace=False)


def pytest_itemcollected(item: pytest.Item) -> None:
    """What a row allows may be longer than any other test takes."""
    row = registry.row_of(item.name)
    if row is not None:
        allowed_s = 2 * row.allowed_s(figures.is_full())
        item.add_marker(pytest.mark.timeout(LEAST_S + allowed_s))


def workers() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def overrun(row: Row, took_s: float, full: bool) -> str | None:
    """What there is to say when a test of this row took too long."""
    allowed_s = row.allowed_s(full)
    if took_s <= allowed_s:
        return None
    return f"{row.id} took {took_s:.1f} s, its budget is {allowed_s:g} s"
