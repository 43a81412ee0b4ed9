"""What every test may ask for; the running system starts only for those that do."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, forget
from tests.stack import stack as run_stack

pytest_plugins = ["tests.figures", "tests.hung", "tests.system", "tests.oulad"]


REQUEST_BUDGET_MS, UPSTREAM_BUDGET_MS = "20000", "10000"
"""Tests of what is answered do not fail because the machine is busy; budgets have their own."""
COST_BUDGET, COMPILE_AFTER = "1e12", "0"
NO_LIMIT = "0"
"""Some tests ask for everything at once."""
OFF = "off"
"""Where one test makes a service sick, the others are answered by it all the same."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system with its sample, one for the test run; it is never emptied."""
    home = tmp_path_factory.mktemp("stack") / "home"
    try:
        with run_stack(
            home,
            BANYAN_REQUEST_BUDGET_MS=REQUEST_BUDGET_MS,
            BANYAN_UPSTREAM_BUDGET_MS=UPSTREAM_BUDGET_MS,
            BANYAN_COST_BUDGET=COST_BUDGET,
            BANYAN_COMPILE_AFTER=COMPILE_AFTER,
            BANYAN_CONCURRENCY=NO_LIMIT,
            BANYAN_VIEWER_RATE=NO_LIMIT,
            BANYAN_TENANT_RATE=NO_LIMIT,
            BANYAN_ROLLBACK=OFF,
        ) as running:
            yield running
    finally:
        forget(home)


@pytest.fixture(scope="session")
def database_url(stack: Stack) -> str:
    """The address of a PostgreSQL server in which a test may make databases."""
    return stack.database
