"""Executes documents by graphql-core."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from inspect import isawaitable
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLSchema,
    create_source_event_stream,
    experimental_execute_incrementally,
)
from graphql.execution import (
    InitialIncrementalExecutionResult,
    SubsequentIncrementalExecutionResult,
)

from resolvers.context import Context
from schema.following import Wanted

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


async def wanted(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    ctx: Context,
) -> Wanted | ExecutionResult:
    """What a subscription asks to follow, or what is wrong with it. The context stays open."""
    executor = Executor.build(
        schema,
        document,
        context_value=ctx,
        raw_variable_values=dict(variables),
        operation_name=operation_name,
    )
    if isinstance(executor, list):
        return ExecutionResult(None, executor)
    source = create_source_event_stream(executor)
    found = await source if isawaitable(source) else source
    if not isinstance(found, Wanted | ExecutionResult):
        raise TypeError("a subscription is bound by subscribed()")
    return found
