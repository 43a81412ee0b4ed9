"""What outlives a transaction is set in a session of its own: a pool gives it on to others."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Source, product

OUTLIVES = re.compile(r"(?:^|;)\s*SET (?!LOCAL)|pg_(?:try_)?advisory_lock\(")
SESSION = "db.session("
OF_ONE_CONNECTION = {"services/projections/rebuild.py"}
"""It is given one that is of no pool."""


def kept_by_a_pool(source: Source) -> Iterator[str]:
    if SESSION not in source.text:
        yield from (f"{source.path} {text}" for text in texts(source) if OUTLIVES.search(text))


def texts(source: Source) -> Iterator[str]:
    """Each as a whole: what stands behind a placeholder begins no statement."""
    parts = set[ast.AST]()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr):
            parts |= set(node.values)
            yield "?".join(_text(part) for part in node.values)
        elif node not in parts:
            yield _text(node)


def _text(node: ast.AST) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else ""  # type: ignore[attr-defined]


def test_what_outlives_a_transaction_is_set_in_a_session() -> None:
    judged = [
        source
        for source in product()
        if source.path.startswith("services/") and source.path not in OF_ONE_CONNECTION
    ]

    assert [fault for source in judged for fault in kept_by_a_pool(source)] == []


def test_each_way_to_leave_something_is_found() -> None:
    planted = [
        'execute("SET lock_timeout = 0")',
        'execute("BEGIN; SET role = other")',
        "execute(\"SELECT pg_try_advisory_lock(hashtext('relay'), $1)\")",
        'execute(f"SET {name} = 0")',
    ]

    assert [text for text in planted if not list(kept_by_a_pool(Source("a.py", text)))] == []


def test_what_ends_with_the_transaction_is_no_fault() -> None:
    text = """execute("SET LOCAL role = other; SELECT pg_advisory_xact_lock(1)")
execute(f"UPDATE {table} SET position = 1")"""

    assert list(kept_by_a_pool(Source("a.py", text))) == []
