"""What clients get of an answer in parts: each as graphql-core tells it, its errors masked."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from graphql import ExecutionResult
from graphql.execution import CompletedResult, IncrementalResult

from gateway.errors import payload, shown
from gateway.execution.core import First, Later, Part
from resolvers.say import Say


async def payloads_of(
    parts: AsyncGenerator[Part, None], request_id: str, say: Say
) -> AsyncGenerator[dict[str, Any], None]:
    """The first part, then what was put off; `hasNext` is false in the last."""
    async with aclosing(parts):
        async for part in parts:
            yield _told(part, request_id, say)


def _told(part: Part, request_id: str, say: Say) -> dict[str, Any]:
    if isinstance(part, ExecutionResult):
        return {**payload(part, request_id, say), "hasNext": False}
    if isinstance(part, First):
        return _first(part, request_id, say)
    return _later(part, request_id, say)


def _first(part: First, request_id: str, say: Say) -> dict[str, Any]:
    told = payload(ExecutionResult(part.data, part.errors, part.extensions), request_id, say)
    pending = [one.formatted for one in part.pending]
    return {**told, "pending": pending, "hasNext": part.has_next}


def _later(part: Later, request_id: str, say: Say) -> dict[str, Any]:
    told: dict[str, Any] = {"hasNext": part.has_next}
    if part.pending:
        told["pending"] = [one.formatted for one in part.pending]
    if part.incremental:
        told["incremental"] = [_masked(one, request_id, say) for one in part.incremental]
    if part.completed:
        told["completed"] = [_masked(one, request_id, say) for one in part.completed]
    return told


def _masked(one: IncrementalResult | CompletedResult, request_id: str, say: Say) -> dict[str, Any]:
    told: dict[str, Any] = {**one.formatted}
    if one.errors:
        told["errors"] = shown(one.errors, request_id, say)
    return told
