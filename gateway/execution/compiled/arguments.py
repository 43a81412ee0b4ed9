"""The arguments of a field by the names that its function knows, worked out as early as may be."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    Undefined,
    VariableNode,
    Visitor,
    get_named_type,
    is_non_null_type,
    is_specified_scalar_type,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.arguments import convert_arguments

from schema.binding import given_of
from schema.directives import DEFINITION

NO_VARIABLES = VariableValues({}, {})
Arguments: TypeAlias = Callable[[VariableValues], dict[str, Any]]
"""Raises GraphQLError where a value does not fit."""


def arguments_of(definition: GraphQLField, node: FieldNode, schema: GraphQLSchema) -> Arguments:
    if not definition.args:
        return lambda variables: {}
    given = partial(_given, definition, node, schema)
    said = {argument.name.value: argument.value for argument in node.arguments or ()}
    moving = {name for name, value in said.items() if _names_a_variable(value)}
    if not all(_is_plain(definition.args[name], said[name]) for name in moving):
        return given
    try:
        fixed = _fixed(definition, node, schema, moving)
    except GraphQLError:
        return given
    if not moving:
        return lambda variables: fixed
    return partial(_moved, fixed, _moves(definition, node, moving), given)


def _moved(
    fixed: dict[str, Any],
    moves: list[tuple[str, str, bool]],
    given: Arguments,
    variables: VariableValues,
) -> dict[str, Any]:
    """What is fixed, and the values of variables as they are: of GraphQL's own scalars."""
    args = fixed.copy()
    for name, variable, is_needed in moves:
        value = variables.coerced.get(variable)
        if value is not None:
            args[name] = tuple(value) if value.__class__ is list else value
        elif is_needed:
            return given(variables)
    return args


def _moves(
    definition: GraphQLField, node: FieldNode, moving: set[str]
) -> list[tuple[str, str, bool]]:
    """Of each argument: our name for it, its variable's, and whether it must be something."""
    ours = {name: one.python_name for name, one in _by_name(definition).items()}
    return [
        (ours[name], argument.value.name.value, _is_needed(definition.args[name]))
        for argument in node.arguments or ()
        if (name := argument.name.value) in moving and isinstance(argument.value, VariableNode)
    ]


def _fixed(
    definition: GraphQLField, node: FieldNode, schema: GraphQLSchema, moving: set[str]
) -> dict[str, Any]:
    args = {name: one for name, one in definition.args.items() if name not in moving}
    rest = GraphQLField(definition.type, args, extensions=definition.extensions)
    return _given(rest, node, schema, NO_VARIABLES)


def _given(
    definition: GraphQLField, node: FieldNode, schema: GraphQLSchema, variables: VariableValues
) -> dict[str, Any]:
    said = get_argument_values(definition, node, variables)
    converter = schema._strawberry_schema.schema_converter  # type: ignore[attr-defined]
    arguments = definition.extensions[DEFINITION].arguments
    return given_of(convert_arguments(said, arguments, converter.scalar_registry, converter.config))


def _by_name(definition: GraphQLField) -> dict[str, Any]:
    """Strawberry's arguments by their names in the contract."""
    ours = definition.extensions[DEFINITION].arguments
    return dict(zip(definition.args, ours, strict=True))


def _is_plain(argument: GraphQLArgument, value: Any) -> bool:
    """A variable of GraphQL's own scalars: its value is the argument's."""
    named = get_named_type(argument.type)
    return isinstance(value, VariableNode) and is_specified_scalar_type(named)


def _is_needed(argument: GraphQLArgument) -> bool:
    return is_non_null_type(argument.type) or argument.default_value is not Undefined


def _names_a_variable(value: Any) -> bool:
    names = _Names()
    visit(value, names)
    return names.is_found


class _Names(Visitor):
    is_found = False

    def enter_variable(self, *_: Any) -> None:
        self.is_found = True
