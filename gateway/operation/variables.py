"""The variables of one operation as it takes them: at once where they are GraphQL's own scalars."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLSchema,
    GraphQLString,
    Undefined,
    get_nullable_type,
    get_variable_values,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.language import OperationDefinitionNode

INT = range(-(2**31), 2**31)
ORDINARY: Mapping[Any, Callable[[Any], bool]] = {
    GraphQLBoolean: lambda value: value is True or value is False,
    GraphQLFloat: lambda value: value.__class__ is float and isfinite(value),
    GraphQLID: lambda value: value.__class__ is str,
    GraphQLInt: lambda value: value.__class__ is int and value in INT,
    GraphQLString: lambda value: value.__class__ is str,
}
"""What of a scalar is taken as it is given."""
NO_VARIABLES = VariableValues({}, {})
MOST_ERRORS = 5


class Variables:
    """graphql-core's coercion, for values that are not `ORDINARY`."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        signatures = [get_variable_signature(schema, one) for one in self._definitions]
        self._checks = tuple(
            (one.name, one, ORDINARY.get(get_nullable_type(one.type), _never))
            for one in signatures
            if isinstance(one, GraphQLVariableSignature)
        )

    def of(
        self, given: dict[str, Any] | None, *, hide_suggestions: bool
    ) -> VariableValues | list[GraphQLError]:
        if not self._definitions:
            return NO_VARIABLES
        said = given or {}
        return self._ordinary(said) or get_variable_values(
            self._schema, self._definitions, said, MOST_ERRORS, hide_suggestions=hide_suggestions
        )

    def _ordinary(self, given: dict[str, Any]) -> VariableValues | None:
        """None where one is left out, is null, or is not plainly of its type."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for name, signature, is_ordinary in self._checks:
            value = given.get(name, Undefined)
            if not is_ordinary(value):
                return None
            sources[name] = VariableValueSource(signature, value)
            coerced[name] = value
        return VariableValues(sources, coerced)


def _never(value: Any) -> bool:
    return False
