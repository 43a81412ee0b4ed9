"""Executes documents by graphql-core."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from inspect import isawaitable
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    create_source_event_stream,
    experimental_execute_incrementally,
)
from graphql.execution import (
    InitialIncrementalExecutionResult,
    SubsequentIncrementalExecutionResult,
)

from resolvers.context import Context

First = InitialIncrementalExecutionResult
Later = SubsequentIncrementalExecutionResult
Part: TypeAlias = ExecutionResult | First | Later


async def run(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    ctx: Context,
    root: Any = None,
) -> ExecutionResult:
    """Data and errors of one operation, whole: what it defers too. Closes the context."""
    try:
        result = experimental_execute_incrementally(
            schema,
            document,
            root_value=root,
            context_value=ctx,
            variable_values=dict(variables),
            operation_name=operation_name,
            executor_class=Executor,
        )
        whole = await result if isawaitable(result) else result
        if not isinstance(whole, ExecutionResult):
            raise TypeError("the plain executor gives nothing in parts")
        return whole
    finally:
        await ctx.close()


async def deliver(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    ctx: Context,
) -> AsyncGenerator[Part, None]:
    """One operation: whole where nothing is deferred, else in parts. Closes the context."""
    try:
        result = experimental_execute_incrementally(
            schema,
            document,
            context_value=ctx,
            variable_values=dict(variables),
            operation_name=operation_name,
        )
        delivered = await result if isawaitable(result) else result
        if isinstance(delivered, ExecutionResult):
            yield delivered
            return
        async with aclosing(delivered.subsequent_results) as rest:
            yield delivered.initial_result
            async for part in rest:
                yield part
    finally:
        await ctx.close()


async def stream(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    ctx: Context,
    show: Callable[[Any], Awaitable[ExecutionResult]],
) -> AsyncGenerator[ExecutionResult, None]:
    """What `show` makes of each event of a subscription; an error of its source is the last."""
    executor = Executor.build(
        schema,
        document,
        context_value=ctx,
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
            yield await show(event)
    except GraphQLError as refused:
        yield ExecutionResult(None, [refused])
    except Exception as unforeseen:
        yield ExecutionResult(None, [GraphQLError("", path=[], original_error=unforeseen)])
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()
