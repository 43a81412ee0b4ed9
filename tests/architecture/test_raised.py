"""An exception is made where it is raised: one that is kept gathers the frames of every raise."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, product


def raised_again(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id.isupper():
            yield f"{source.path}:{node.lineno} {node.exc.id}"


def test_no_kept_exception_is_raised() -> None:
    assert [fault for source in product() for fault in raised_again(source)] == []


def test_one_that_is_raised_is_found() -> None:
    assert list(raised_again(Source("a.py", "BAD = ValueError()\nraise BAD from None")))
    assert not list(raised_again(Source("a.py", "raise ValueError(BAD)")))
