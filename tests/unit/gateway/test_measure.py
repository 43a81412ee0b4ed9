"""What a document's size is, and that measuring it takes as long as it is."""

import pytest
from graphql import parse

from gateway.operation import measure as module
from gateway.operation.measure import Measure, measure
from gateway.operation.refusal import BadDocument
from gateway.operation.repeats import repeats

SPREAD = """query ($a: Int @x) { one: viewer @y { ...F } two: viewer { ...F } }
fragment F on Viewer { id ... on Viewer @z { n: name } }"""


def measured(text: str) -> Measure:
    return measure(parse(text))


def test_a_fragment_counts_as_often_as_it_is_spread() -> None:
    extent = measured(SPREAD).extents[0]

    assert (extent.depth, extent.width, extent.aliases) == (2, 2, 4)
    assert extent.selections == 2 * (1 + 1 + 3)


def test_directives_count_where_they_are_written() -> None:
    assert measured(SPREAD).directives == 3


def test_the_largest_of_several_operations_counts_for_depth_and_width() -> None:
    of = measured("query A { a { b { c } } } query B { a b c } ")

    assert (of.operations, of.depth, of.root_fields, of.selections) == (2, 3, 3, 6)


def test_root_fields_are_counted_through_fragments() -> None:
    of = measured("{ a ... on Query { b c } ...F } fragment F on Query { d ... { e } }")

    assert of.root_fields == 5


def test_introspection_is_seen_wherever_it_hides() -> None:
    assert measured("{ a: __schema { b } }").introspects
    assert measured("{ ...F } fragment F on Query { __type { b } }").introspects
    assert not measured("{ __schema: __typename }").introspects


def test_how_deep_introspection_goes_is_not_counted() -> None:
    assert measured("{ __schema { a { b { c } } } }").depth == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ ...F }", "UNKNOWN_FRAGMENT"),
        ("{ ...F } fragment F on A { b { ...F } }", "FRAGMENT_CYCLE"),
        ("{ ...F } fragment F on A { ...G } fragment G on A { ...F }", "FRAGMENT_CYCLE"),
        ("{ a } fragment F on A { ...F }", "UNUSED_FRAGMENT"),
        ("{ ...F } fragment F on A { b } fragment F on A { c }", "UNUSED_FRAGMENT"),
        ("{ a } type A { b: Int }", "UNUSED_FRAGMENT"),
    ],
)
def test_fragments_that_lead_nowhere_have_their_codes(text: str, code: str) -> None:
    with pytest.raises(BadDocument) as refusal:
        measured(text)

    assert refusal.value.code == code


def test_each_selection_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    look = module._Measuring._selection

    def counted(self: module._Measuring, selection: object) -> module.Extent:
        nonlocal looked
        looked += 1
        return look(self, selection)  # type: ignore[arg-type]

    monkeypatch.setattr(module._Measuring, "_selection", counted)
    fragments = [
        f"fragment F{n} on A {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(60)
    ]

    of = measured("{ ...F0 } fragment F60 on A { a } " + " ".join(fragments))

    assert looked == 1 + 60 * 4 + 1
    assert of.selections > 2**60


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("{ a b c }", 0),
        ("{ a a a }", 3),
        ("{ a: b b: a }", 0),
        ("{ a { x x } a { x } }", 1 + 3),
        ("{ ...F ...G } fragment F on A { x } fragment G on A { x }", 1 + 1),
    ],
)
def test_fields_that_become_one_are_compared_in_pairs(text: str, pairs: int) -> None:
    assert repeats(parse(text)) == pairs
