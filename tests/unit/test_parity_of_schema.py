"""Queries reach every field of the contract, and what differs is found, unless a quirk gives it."""

import re
from typing import Any

from graphql import GraphQLObjectType, TypeInfo, TypeInfoVisitor, Visitor, parse, validate, visit

from legacy import quirks
from schema.contract import core_schema
from tests.by_contract import GIVEN, LEFT_OUT, as_the_monolith_tells, is_left_out
from tests.generated import Writer
from tests.parity_of_schema import Explained, SchemaParity

SCHEMA = core_schema()
OF_COMMANDS = r"Mutation|JoinTicket|IceServer|QualityAdvice|SignalSent|ClassUpdated"
PUSHED = r"Subscription|ClassroomSnapshot|Signal|Gap|\w+Changed"
NOT_READ = re.compile(
    rf"{OF_COMMANDS}|{PUSHED}|\w+(Accepted|Conflict|Completed|Renamed|Granted|Set)"
)
OF_OTHERS = {"Refused", "AsOf", "Query"}
"""Said of commands, as what is pushed is not read; what is left out; and the root, whose fields are
asked one by one.
"""
OF_NO_SIDE = {"PlatformStatus", "CapabilityStatus", "Incident", "Drill"}
"""The gateway itself tells how the move stands."""
WINDOW = {
    "opensAt": None,
    "closesAt": None,
    "endsAt": "2026-03-10T06:30:05.250000Z",
    "extraTime": "PT0S",
    "serverNow": "2026-03-10T05:00:05.250000Z",
}
OF_AN_EXAM = {
    "opensAt": "2026-03-10T04:00:00Z",
    "closesAt": "2026-03-10T06:00:00Z",
    "timeLimit": "PT1H30M",
}


class Reached(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.coordinates: set[str] = set()

    def enter_field(self, node: Any, *_: Any) -> None:
        parent = self._types.get_parent_type()
        assert parent is not None
        self.coordinates.add(f"{parent.name}.{node.name.value}")


def reached() -> set[str]:
    found: set[str] = set()
    for one in Writer(SCHEMA, GIVEN, is_left_out).all():
        document, types = parse(one.query), TypeInfo(SCHEMA)
        assert validate(SCHEMA, document) == []
        visitor = Reached(types)
        visit(document, TypeInfoVisitor(types, visitor))
        found |= visitor.coordinates
    return found


def test_every_field_that_a_query_may_ask_for_is_asked_for() -> None:
    readable = {
        f"{kind.name}.{field}"
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType) and kind.name not in OF_OTHERS | OF_NO_SIDE
        if not kind.name.startswith("__") and not NOT_READ.fullmatch(kind.name)
        for field in kind.fields
    }

    assert readable - reached() == LEFT_OUT.keys()


def answer(**viewer: Any) -> dict[str, Any]:
    return {"data": {"viewer": viewer}}


def test_a_planted_difference_is_found_by_its_coordinate() -> None:
    parity = SchemaParity(SCHEMA, {})
    courses = [{"node": {"title": title}} for title in ("Cells", "Genes")]
    other = [{"node": {"title": title}} for title in ("Cells", "Jeans")]

    parity.take(
        answer(name="A", courses={"edges": courses}), answer(name="A", courses={"edges": other})
    )

    [found] = parity.differences
    assert (found.coordinate, found.legacy, found.service) == ("Course.title", "Genes", "Jeans")
    assert parity.compared == {"Viewer.name": 1, "Course.title": 2}


def test_a_list_of_another_length_and_another_error_are_differences() -> None:
    parity = SchemaParity(SCHEMA, {})
    failed = {"path": ["viewer", "name"], "extensions": {"code": "UPSTREAM_TIMEOUT"}}

    parity.take(answer(roles=["LEARNER"]), answer(roles=["LEARNER", "TEACHER"]))
    parity.take(answer(name=None), answer(name=None) | {"errors": [failed]})

    assert [one.coordinate for one in parity.differences] == [
        "Viewer.roles",
        "errors of viewer.name",
    ]


def test_a_quirk_explains_what_it_gives_exactly_and_nothing_else() -> None:
    known = {"Viewer.name": Explained(quirks.NO_RECEIPTS, lambda name, *_: name.upper())}
    parity = SchemaParity(SCHEMA, known)

    parity.take(answer(name="ANNA"), answer(name="Anna"))
    parity.take(answer(name="ANNE"), answer(name="Anna"))

    assert [one.service for one in parity.differences] == ["ANNA"]
    assert parity.explained == {"Viewer.name: NO_RECEIPTS": 2}


def test_the_window_of_one_who_teaches_is_told_as_the_monolith_tells_everybodys() -> None:
    here = {"window": {"serverNow": "2026-03-10T05:00:04Z"}}

    told = as_the_monolith_tells(WINDOW, OF_AN_EXAM, here)

    assert (told["opensAt"], told["closesAt"]) == (OF_AN_EXAM["opensAt"], OF_AN_EXAM["closesAt"])
    assert told["endsAt"] == OF_AN_EXAM["closesAt"]
