"""Whatever is asked here is asked of both executors."""

from tests.fakes.executors import executor, pytest_generate_tests

__all__ = ["executor", "pytest_generate_tests"]
