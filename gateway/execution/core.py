"""Executes documents by graphql-core."""

from collections.abc import AsyncIterator, Callable, Mapping
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    create_source_event_stream,
    execute,
)

from resolvers.context import Context


async def run(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    ctx: Context,
    root: Any = None,
) -> ExecutionResult:
    """Data and errors of one operation; the context is closed behind it."""
    try:
        result = execute(
            schema,
            document,
            root_value=root,
            context_value=ctx,
            variable_values=dict(variables),
            operation_name=operation_name,
        )
        return result if isinstance(result, ExecutionResult) else await result
    finally:
        await ctx.close()


async def stream(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    context: Callable[[], Context],
) -> AsyncIterator[ExecutionResult]:
    """A result for each event of a subscription; an error of its source is the last."""
    executor = Executor.build(
        schema,
        document,
        context_value=context(),
        raw_variable_values=dict(variables),
        operation_name=operation_name,
    )
    if isinstance(executor, list):
        yield ExecutionResult(None, executor)
        return
    source = create_source_event_stream(executor)
    events = await source if isawaitable(source) else source
    if isinstance(events, ExecutionResult):
        yield events
        return
    try:
        async for event in events:
            yield await run(schema, document, variables, operation_name, context(), event)
    except GraphQLError as refused:
        yield ExecutionResult(None, [refused])
    except Exception as unforeseen:
        yield ExecutionResult(None, [GraphQLError("", path=[], original_error=unforeseen)])
