"""The arguments of a field, by the names that its function knows: once where they never change."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from graphql import ArgumentNode, GraphQLError, GraphQLField, GraphQLSchema, Visitor, visit
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments

from gateway.execution.compiled.plan import Arguments
from schema.binding import given_of
from schema.directives import DEFINITION

NO_VARIABLES = VariableValues({}, {})


def arguments_of(
    definition: GraphQLField, details: FieldDetails, schema: GraphQLSchema
) -> Arguments:
    """`given` raises GraphQLError where a value does not fit."""
    if not definition.args:
        return Arguments(lambda variables: {})
    given = partial(_given, definition, details, schema)
    if _name_variables(details.node.arguments or ()):
        return Arguments(given)
    try:
        always = given(NO_VARIABLES)
    except GraphQLError:
        return Arguments(given)
    return Arguments(lambda variables: always)


def _given(
    definition: GraphQLField,
    details: FieldDetails,
    schema: GraphQLSchema,
    variables: VariableValues,
) -> dict[str, Any]:
    said = get_argument_values(definition, details.node, variables)
    made = schema._strawberry_schema  # type: ignore[attr-defined]
    converter = made.schema_converter
    arguments = definition.extensions[DEFINITION].arguments
    return given_of(convert_arguments(said, arguments, converter.scalar_registry, converter.config))


def _name_variables(arguments: Iterable[ArgumentNode]) -> bool:
    names = _Names()
    for argument in arguments:
        visit(argument, names)
    return names.is_found


class _Names(Visitor):
    is_found = False

    def enter_variable(self, *_: Any) -> None:
        self.is_found = True
