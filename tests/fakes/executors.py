"""Runs each test that asks the contract on both executors: for a conftest to take in."""

import pytest

from tests.fakes import asking

ASKS = {"ask", "ask_of", "asked"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if ASKS & vars(metafunc.module).keys():
        metafunc.parametrize("executor", asking.EXECUTORS, indirect=True)


@pytest.fixture(autouse=True)
def executor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the one that runs."""
    name = str(getattr(request, "param", "compiled"))
    monkeypatch.setattr(asking, "execute", asking.EXECUTORS[name])
    return name
