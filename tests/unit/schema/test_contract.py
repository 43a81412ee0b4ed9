"""The contract: printed as it is, and guarded at every root and edge."""

from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.binding import METADATA, BatchField
from schema.contract import PRINTED, contract, printed

OPEN: set[str] = set()
"""Fields that whoever has their parent may read although they ask a source: none."""


def fields() -> list[tuple[str, str, StrawberryField]]:
    types = [kind.definition for kind in contract().schema_converter.type_map.values()]
    return [
        (definition.name, field.name, field)
        for definition in types
        if isinstance(definition, StrawberryObjectDefinition)
        for field in definition.fields
    ]


def guards_of(field: StrawberryField) -> list[object]:
    bound = field.metadata.get(METADATA, ())
    return list(bound.guards if isinstance(bound, BatchField) else bound)


def test_the_printed_contract_is_the_one_in_the_code() -> None:
    assert PRINTED.read_text() == printed(), "run `make schema`"


def test_every_root_field_names_its_guards() -> None:
    roots = [(t, n, f) for t, n, f in fields() if t in {"Query", "Mutation"}]

    assert len(roots) >= 9
    assert [f"{t}.{n}" for t, n, f in roots if not guards_of(f)] == []


def test_every_edge_that_asks_a_source_names_its_guards() -> None:
    edges = [(t, n, f) for t, n, f in fields() if f.base_resolver is not None]

    unguarded = [f"{t}.{n}" for t, n, f in edges if not guards_of(f)]

    assert set(unguarded) == OPEN
    assert len(edges) >= 20
