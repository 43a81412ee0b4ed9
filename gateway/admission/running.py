"""Runs an operation within its slot, which learns from it how busy we are."""

from collections.abc import Awaitable

from graphql import ExecutionResult, GraphQLError

from gateway.admission.slot import Slot


async def run_in(slot: Slot, running: Awaitable[ExecutionResult]) -> ExecutionResult:
    """Of a query or mutation; its slot is given back, whatever became of it."""
    counts = failed = False
    try:
        result = await running
        failed = any(map(_is_upstreams, result.errors or ()))
        counts = not failed
        return result
    finally:
        slot.leave(counts=counts, failed=failed)


def _is_upstreams(error: GraphQLError) -> bool:
    """Whether it is overrun or hangs cannot be told from here."""
    return str((error.extensions or {}).get("code", "")).startswith("UPSTREAM_")
