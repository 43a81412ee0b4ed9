"""The contract says of each list how long it may be."""

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from schema.contract import core_schema, printed
from schema.directives import size_of, weight_of

SIZED_BY_PARENT = {"edges"}


def fields() -> dict[str, GraphQLField]:
    return {
        f"{kind.name}.{name}": field
        for kind in core_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        and not kind.name.startswith("__")
        for name, field in kind.fields.items()
    }


def test_every_list_of_things_says_its_size() -> None:
    unsized = [
        path
        for path, field in fields().items()
        if is_list_type(get_nullable_type(field.type))
        and not is_leaf_type(get_named_type(field.type))
        and path.split(".")[1] not in SIZED_BY_PARENT
        and size_of(field) is None
    ]

    assert unsized == []


@pytest.mark.parametrize("path", [path for path, field in fields().items() if size_of(field)])
def test_what_a_size_names_is_there(path: str) -> None:
    field = fields()[path]
    size = size_of(field)
    assert size is not None

    for argument in size.slicing_arguments or ():
        taken = field.args[argument].type
        is_number = get_named_type(taken).name == "Int"
        assert is_number or is_list_type(get_nullable_type(taken))
    for name in size.sized_fields or ():
        kind = get_named_type(field.type)
        assert isinstance(kind, GraphQLObjectType)
        assert name in kind.fields


def test_every_command_has_a_weight() -> None:
    mutation = core_schema().mutation_type
    assert mutation is not None

    assert {weight_of(field) for field in mutation.fields.values()} == {10.0}


def test_clients_can_read_what_it_costs() -> None:
    assert '@cost(weight: "10")' in printed()
    assert '@listSize(slicingArguments: ["first"], sizedFields: ["edges"]' in printed()
