"""Who runs an operation: code made for it, or graphql-core where there is none."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from graphql import ExecutionResult, GraphQLSchema

from gateway.execution import core
from gateway.execution.compiled.executor import execute
from gateway.execution.compiled.plan import NotCompiled, Plan
from gateway.execution.operation import Operation
from resolvers.context import Context
from services.kit.settings import Executor, Settings
from services.kit.telemetry import note

Execute: TypeAlias = Callable[[GraphQLSchema, Operation, Context, Any], Awaitable[ExecutionResult]]
"""Data and errors of one operation, or of one event of a subscription. Closes the context."""


def executor_of(settings: Settings) -> Execute:
    return compiled if settings.executor is Executor.COMPILED else interpreted


async def compiled(
    schema: GraphQLSchema, operation: Operation, ctx: Context, event: Any = None
) -> ExecutionResult:
    try:
        plan = operation.planned.programs.find(operation.variables)
        if isinstance(plan, NotCompiled):
            plan = await _first(operation, plan)
        if isinstance(plan, NotCompiled):
            note("graphql.not_compiled", str(plan))
            return await interpreted(schema, operation, ctx, event)
        return await execute(schema, plan, ctx, operation.variables, event)
    finally:
        await ctx.close()


async def _first(operation: Operation, why: NotCompiled) -> Plan | NotCompiled:
    """Code for a first answer that is worth it; else why there is none."""
    programs = operation.planned.programs
    return await programs.first(operation.variables) if programs.is_worth(operation.cost) else why


async def interpreted(
    schema: GraphQLSchema, operation: Operation, ctx: Context, event: Any = None
) -> ExecutionResult:
    """By graphql-core, whatever it is."""
    note("graphql.executor", "graphql-core")
    given, name = operation.ask.variables or {}, operation.ask.operation_name
    return await core.run(schema, operation.document, given, name, ctx, event)
