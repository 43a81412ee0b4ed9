"""Executes documents by graphql-core."""

from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, execute

from resolvers.context import Context


async def run(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    ctx: Context,
) -> ExecutionResult:
    """Data and errors of one operation; the context is closed behind it."""
    try:
        result = execute(
            schema,
            document,
            context_value=ctx,
            variable_values=dict(variables),
            operation_name=operation_name,
        )
        return result if isinstance(result, ExecutionResult) else await result
    finally:
        await ctx.close()
