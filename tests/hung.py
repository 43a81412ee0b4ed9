"""Who waited for what when a test was given up, which then ends as if it had failed itself."""

import asyncio
import gc
import io
from collections.abc import Iterable

import pytest

END_WITHIN_S = 20.0
FIXTURES = ("_asyncgen_fixture_wrapper", "_async_fixture_wrapper")


def pytest_exception_interact(
    node: pytest.Item | pytest.Collector,
    call: pytest.CallInfo[object],
    report: pytest.CollectReport | pytest.TestReport,
) -> None:
    if call.excinfo is not None and "pytest-timeout" in call.excinfo.exconly():
        tasks = pending()
        report.sections.append(("tasks that had not ended", told(tasks)))
        try:
            end(task for task in tasks if _is_of(task, node))
        except Exception as failed:
            # Raised here it would end the whole run, not this test.
            report.sections.append(("they could not be ended", repr(failed)))


def pending() -> list[asyncio.Task[object]]:
    # isinstance() would ask proxies for the class of what is gone.
    tasks = [one for one in gc.get_objects() if issubclass(type(one), asyncio.Task)]
    return [task for task in tasks if not task.done()]


def told(tasks: Iterable[asyncio.Task[object]]) -> str:
    text = io.StringIO()
    for task in tasks:
        task.print_stack(file=text)
    return text.getvalue()


def end(tasks: Iterable[asyncio.Task[object]]) -> None:
    """They give back what they hold: left as they are they would spoil the loop for all others."""
    for task in tasks:
        loop = task.get_loop()
        if not loop.is_running() and not loop.is_closed():
            task.cancel()
            loop.run_until_complete(asyncio.wait([task], timeout=END_WITHIN_S))


def _is_of(task: asyncio.Task[object], node: pytest.Item | pytest.Collector) -> bool:
    name = getattr(task.get_coro(), "__qualname__", "")
    own = getattr(getattr(node, "function", None), "__qualname__", None)
    return name == own or name.startswith(FIXTURES)
