"""Makes the plan of one operation, for one way in which its `@skip` and `@include` fall."""

from graphql import (
    DocumentNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.execution.values import VariableValues

from gateway.execution.compiled.plan import Command, NotCompiled, Plan, Site
from gateway.execution.compiled.selecting import TYPENAME, Selecting, name_of, strip_of


def plan_of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
) -> Plan:
    """Raises NotCompiled. Of `variables` only those count that `@skip` and `@include` look at."""
    kind, selecting = operation.operation, Selecting(schema, document, operation, variables)
    root = schema.get_root_type(kind)
    if root is None:
        raise NotCompiled("no root")
    grouped = collect_fields(
        schema, selecting.fragments, variables, root, operation
    ).grouped_field_set
    typenames = {key: root.name for key in grouped if name_of(grouped[key]) == TYPENAME}
    asked = {key: of for key, of in grouped.items() if key not in typenames}
    roots: list[Site] = []
    commands: list[Command] = []
    if kind is OperationType.QUERY:
        for key, of in asked.items():
            _add_root(selecting, root, key, of, roots)
    else:
        commands = [
            _command(selecting, root, number, key, of)
            for number, (key, of) in enumerate(asked.items())
        ]
    selecting.share()
    event = commands.pop() if kind is OperationType.SUBSCRIPTION else None
    return Plan(
        list(grouped), typenames, roots, commands, event, selecting.sites, selecting.selections
    )


def _add_root(
    selecting: Selecting,
    root: GraphQLObjectType,
    key: str,
    of: list[FieldDetails],
    roots: list[Site],
) -> None:
    made = selecting.asked(root, key, of, (), roots)
    if not isinstance(made, Site):
        raise NotCompiled(f"{root.name}.{name_of(of)} asks nobody")


def _command(
    selecting: Selecting, root: GraphQLObjectType, number: int, key: str, of: list[FieldDetails]
) -> Command:
    place, definition = selecting.place(root, key, of), selecting.definition(root, of)
    inner: list[Site] = []
    may_be_null = (not is_non_null_type(definition.type),)
    shape = selecting.shape(definition.type, of, place, may_be_null, inner)
    return Command(number, place, definition, shape, strip_of(may_be_null), inner)
