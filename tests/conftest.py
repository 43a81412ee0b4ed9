"""What every test may ask for; the running system starts only for those that do."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, forget
from tests.stack import stack as run_stack

pytest_plugins = ["tests.figures", "tests.system", "tests.oulad"]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system with its sample, one for the test run; it is never emptied."""
    home = tmp_path_factory.mktemp("stack") / "home"
    try:
        with run_stack(home) as running:
            yield running
    finally:
        forget(home)


@pytest.fixture(scope="session")
def database_url(stack: Stack) -> str:
    """The address of a PostgreSQL server in which a test may make databases."""
    return stack.database
