"""What everybody waited for when a test was given up: a stack of each task that had not ended."""

import asyncio
import gc
import io

import pytest


def pytest_exception_interact(
    call: pytest.CallInfo[object], report: pytest.CollectReport | pytest.TestReport
) -> None:
    if call.excinfo is not None and "Timeout" in call.excinfo.exconly():
        report.sections.append(("tasks that had not ended", waiting()))


def waiting() -> str:
    told = io.StringIO()
    for task in gc.get_objects():
        if isinstance(task, asyncio.Task) and not task.done():
            task.print_stack(file=told)
    return told.getvalue()
