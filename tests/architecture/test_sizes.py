"""Files and functions stay small, and every file says what it is for."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, product

MOST_LINES = 250
MOST_LINES_OF_A_FUNCTION = 40


def too_long(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > MOST_LINES:
        yield f"{source.path} has {lines} lines, {MOST_LINES} at most"


def long_functions(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{source.path}:{node.lineno} {node.name} has {lines} lines"


def unexplained(source: Source) -> Iterator[str]:
    is_empty = source.is_package and not source.text.strip()
    if not is_empty and ast.get_docstring(source.tree) is None:
        yield f"{source.path} does not begin with a sentence on what it is for"


def test_no_file_is_too_long() -> None:
    assert [fault for source in product() for fault in too_long(source)] == []


def test_no_function_is_too_long() -> None:
    assert [fault for source in product() for fault in long_functions(source)] == []


def test_every_file_says_what_it_is_for() -> None:
    assert [fault for source in product() for fault in unexplained(source)] == []


def test_a_file_past_the_limit_is_found() -> None:
    assert not list(too_long(Source("a.py", "x = 1\n" * MOST_LINES)))
    assert list(too_long(Source("a.py", "x = 1\n" * (MOST_LINES + 1))))


def test_a_function_past_the_limit_is_found() -> None:
    body = "    x = 1\n" * (MOST_LINES_OF_A_FUNCTION - 1)

    assert not list(long_functions(Source("a.py", f"async def f():\n{body}")))
    assert list(long_functions(Source("a.py", f"async def f():\n{body}    x = 1\n")))


def test_a_file_without_a_sentence_is_found() -> None:
    assert list(unexplained(Source("a.py", "import os\n'''Late.'''\n")))
    assert list(unexplained(Source("a/__init__.py", "x = 1\n")))
    assert not list(unexplained(Source("a/__init__.py", "")))
