"""The contract says of each field that either side can answer which capability moves it."""

from collections.abc import Mapping

from graphql import GraphQLField, GraphQLObjectType

from flags.names import CAPABILITIES
from schema.contract import core_schema, printed
from schema.strangled import capability_of

SOURCES = {"Query", "Mutation", "Subscription"}
"""Whose fields ask a side each, but for what is named here."""
OF_NO_CAPABILITY = {
    "Query.viewer": "who asks, out of their token",
    "Query.node": "as its kind's own root",
    "Query.nodes": "as its kind's own root",
    "Query.platformStatus": "the gateway's own",
    "Subscription.platformStatusUpdated": "the gateway's own",
    "Mutation.renameCourse": "courses are edited at the monolith alone",
}


def fields() -> dict[str, GraphQLField]:
    return {
        f"{kind.name}.{name}": field
        for kind in core_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
    }


def moved(of: Mapping[str, GraphQLField]) -> dict[str, str]:
    """The capability of each field that has one."""
    said = {at: capability_of(field) for at, field in of.items()}
    return {at: capability for at, capability in said.items() if capability}


def test_each_capability_stands_on_a_field_and_no_field_names_another() -> None:
    assert set(moved(fields()).values()) == set(CAPABILITIES)


def test_every_root_is_moved_by_a_capability_or_says_why_not() -> None:
    roots = {at for at in fields() if at.partition(".")[0] in SOURCES}

    assert roots - moved(fields()).keys() == set(OF_NO_CAPABILITY)


def test_every_field_that_asks_a_side_is_moved() -> None:
    found = moved(fields())

    assert found["Course.progress"] == "progress.read"
    assert found["Viewer.agenda"] == "live_class.schedule"
    assert found["Assessment.attempts"] == "assessment.read"
    assert found["Mutation.startAttempt"] == "assessment.attempts"
    assert found["Mutation.completeLesson"] == "progress.write"
    assert found["Attempt.score"] == "assessment.scoring"


def test_clients_can_read_what_moves() -> None:
    assert '@strangled(capability: "progress.read", compare: "exact")' in printed()
