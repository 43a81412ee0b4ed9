"""The contract: printed as it is, and guarded at every root and edge."""

from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from resolvers import guards
from schema.answering import BatchField, FoundField, PlainField, SubscribedField
from schema.binding import METADATA
from schema.contract import PRINTED, contract, printed

OPEN: set[str] = set()
"""Fields that whoever has their parent may read although they ask a source: none."""
PLAIN = {
    "Answer.choices",
    "Answer.number",
    "Answer.text",
    "ClassUpdated.token",
    "AssessmentRulesSet.token",
    "Attempt.asOf",
    "AttemptAccepted.token",
    "CourseRenamed.token",
    "LessonCompleted.token",
    "PlatformStatus.outboxAgeSeconds",
    "Progress.asOf",
    "RegradeAccepted.token",
    "TimeGranted.token",
    "AttemptConflict.message",
    "Error.message",
    "Refused.message",
    "QualityAdvice.message",
    "Waiting.message",
}
"""Fields that are made of their parent alone, and so ask nobody."""


def fields() -> list[tuple[str, str, StrawberryField]]:
    types = [kind.definition for kind in contract().schema_converter.type_map.values()]
    return [
        (definition.name, field.name, field)
        for definition in types
        if isinstance(definition, StrawberryObjectDefinition)
        for field in definition.fields
    ]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def guards_of(field: StrawberryField) -> list[object]:
    bound = field.metadata.get(METADATA, ())
    if isinstance(bound, FoundField):
        bound = bound.way
    return list(bound.guards if isinstance(bound, BatchField | SubscribedField) else bound)


def is_plain(field: StrawberryField) -> bool:
    return isinstance(field.metadata.get(METADATA), PlainField)


def test_the_printed_contract_is_the_one_in_the_code() -> None:
    assert PRINTED.read_text() == printed(), "run `make schema`"


def test_every_root_field_names_its_guards() -> None:
    roots = [(t, n, f) for t, n, f in fields() if t in {"Query", "Mutation", "Subscription"}]

    assert len(roots) >= 20
    assert [f"{t}.{n}" for t, n, f in roots if not guards_of(f)] == []


def test_every_edge_that_asks_a_source_names_its_guards() -> None:
    edges = [(t, n, f) for t, n, f in fields() if f.base_resolver and not is_plain(f)]

    unguarded = [f"{t}.{n}" for t, n, f in edges if not guards_of(f)]

    assert set(unguarded) == OPEN
    assert len(edges) >= 40


def test_the_fields_that_ask_nobody_are_known() -> None:
    assert {f"{t}.{camel(n)}" for t, n, f in fields() if is_plain(f)} == PLAIN


def test_what_is_shown_of_an_attempt_is_judged_again_at_each_of_its_events() -> None:
    [bound] = [
        f.metadata[METADATA]
        for t, n, f in fields()
        if (t, n) == ("Subscription", "attempt_updated")
    ]

    assert isinstance(bound, SubscribedField)
    assert bound.reveals == (guards.sees_attempt,)
