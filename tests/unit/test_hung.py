"""A test that is given up tells who waited for what, and gives back what it held."""

import asyncio

import pytest

from services.kit.once import flight
from tests.hung import end, pending, told

pytest_plugins = ["pytester"]

HANGS = """
import asyncio
import pytest

given_back = []

@pytest.mark.timeout(1)
async def test_it_hangs():
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.Event().wait(), name="waits for ever")
    finally:
        given_back.append("all")

async def test_the_next_has_its_loop_for_itself():
    assert given_back == ["all"]
    assert len(asyncio.all_tasks()) == 1
"""
OPTIONS = ("-p", "tests.hung", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto")
LOOP = "asyncio_default_test_loop_scope=session"


async def test_a_task_that_has_not_ended_is_told_with_its_place() -> None:
    task = flight(asyncio.Event().wait(), "waits for ever")
    await asyncio.sleep(0)

    text = told(pending())

    task.cancel()
    assert "waits for ever" in text
    assert "locks.py" in text


async def test_a_task_of_a_loop_that_runs_is_left_alone() -> None:
    task = flight(asyncio.sleep(0), "goes on")

    end([task])

    assert not task.cancelled()
    await task


def test_a_test_that_was_given_up_ends_and_the_next_is_not_disturbed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(pytestconfig.rootpath))
    pytester.makepyfile(test_hangs=HANGS)

    run = pytester.runpytest_subprocess(*OPTIONS, "-o", LOOP)

    run.assert_outcomes(passed=1, failed=1)
    run.stdout.fnmatch_lines(["*tasks that had not ended*", "*waits for ever*"])
