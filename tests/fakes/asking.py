"""Asks the contract over a fake platform, without a server."""

from typing import Any

from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values

from gateway.admission.standing import Standing
from gateway.execution import choice
from gateway.execution.choice import Execute
from gateway.execution.compiled.programs import Programs
from gateway.execution.operation import Operation
from gateway.operation.ask import Ask
from gateway.operation.hints import hints
from gateway.operation.keeping import Kept
from gateway.operation.plan import Planned
from gateway.operation.variables import Variables
from gateway.usage.fields import Uses
from resolvers.context import Context, context_for
from resolvers.ports import Sources
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock
from services.kit.consistency import Consistency
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW

CONSISTENCY = Consistency(b"a key of the tests")
EXECUTORS: dict[str, Execute] = {
    "compiled": choice.compiled,
    "graphql-core": choice.interpreted,
}

execute: Execute = choice.compiled
"""Who answers here; tests that are for both put the other in its place."""


async def ask(
    platform: FakePlatform, who: Viewer | None, query: str, **variables: Any
) -> ExecutionResult:
    return await ask_of(sources_of(platform), who, query, **variables)


async def ask_of(
    sources: Sources, who: Viewer | None, query: str, **variables: Any
) -> ExecutionResult:
    ctx = context_for(who, FakeClock(NOW), 1.0, sources, CONSISTENCY)
    return await asked(core_schema(), query, variables, ctx)


async def asked(
    schema: GraphQLSchema, query: str, variables: dict[str, Any], ctx: Context, event: Any = None
) -> ExecutionResult:
    """Of any schema. Closes the context."""
    operation = operation_of(schema, query, variables)
    if isinstance(operation, ExecutionResult):
        await ctx.close()
        return operation
    return await execute(schema, operation, ctx, event)


def operation_of(
    schema: GraphQLSchema, query: str, variables: dict[str, Any]
) -> Operation | ExecutionResult:
    """The one of the document, or what is wrong with its variables."""
    document = parse(query)
    [node] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    values = get_variable_values(schema, node.variable_definitions or (), variables)
    if not isinstance(values, VariableValues):
        return ExecutionResult(None, values)
    ask = Ask(query=query, variables=variables)
    programs, uses = Programs(schema, document, node), Uses(schema, document, node)
    kept, standing = Kept(schema, hints(schema), document, node), Standing.of(uses)
    planned = Planned(node, None, Variables(schema, node), programs, uses, kept, standing)
    return Operation(document, planned, ask, values)


def codes(result: ExecutionResult) -> list[str]:
    """The code of each error, in order."""
    return [str((error.extensions or {}).get("code")) for error in result.errors or []]
