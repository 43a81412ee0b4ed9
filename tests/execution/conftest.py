"""Whatever is asked here is asked of both executors."""

from pathlib import Path

import pytest

from tests.fakes.executors import executor, pytest_generate_tests

HERE = Path(__file__).parent
LEFT = [
    "ignore:coroutine .* was never awaited:RuntimeWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
]

__all__ = ["executor", "pytest_generate_tests"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """graphql-core leaves what it has not begun to wait for when an error ends its siblings."""
    for item in items:
        if item.path.is_relative_to(HERE):
            for kind in LEFT:
                item.add_marker(pytest.mark.filterwarnings(kind))
