"""What a statement reads, as PostgreSQL itself says: rows and pages, never seconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from services.storage.db import Connection


@dataclass(frozen=True, slots=True)
class Read:
    """`rows` that scans of tables and indexes came by, whether wanted or not; `pages` of 8 kB."""

    rows: int
    pages: int


async def read_by(db: Connection, statement: str, *args: object, generic: bool = False) -> Read:
    """Runs the statement; `generic` with the plan that is made once for all arguments."""
    mode = "force_generic_plan" if generic else "force_custom_plan"
    await db.execute(f"SET LOCAL plan_cache_mode = {mode}")
    await db.execute(f"PREPARE asked AS {statement}")
    said = f"EXECUTE asked ({', '.join(map(_literal, args))})"
    told = await db.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {said}")
    await db.execute("DEALLOCATE asked")
    plan = (msgspec.json.decode(told) if isinstance(told, str) else told)[0]["Plan"]
    rows = sum(_rows(node) for node in _nodes(plan) if "Relation Name" in node)
    return Read(round(rows), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _rows(node: dict[str, Any]) -> float:
    passed = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return float(passed * node["Actual Loops"])


def _literal(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "'{" + ",".join(map(str, value)) + "}'"
    return f"'{value}'"
