"""I3: what belongs to another tenant looks like what does not exist, by every way in."""

import asyncio
from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType

from legacy.monolith.database import Connection
from resolvers import guards
from schema.contract import core_schema
from services.contracts.ids import Kind
from tests.fakes.asking import ask
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    OPERATOR,
    add_tenant,
    assessment_id,
    attempt_id,
    class_id,
    course_id,
    lesson_id,
    viewer,
)
from tests.faults.registry import n
from tests.figures import Recorder
from tests.learner import Someone
from tests.security.campus import LEARNER, ROLES, Campus, campus
from tests.security.exam import sit
from tests.security.mutations import CASES, IN_CLASS, fields_that_take_ids
from tests.security.walk import selection, strings, touched
from tests.system import NUMBERS, System

ROOTS = {
    "course": Kind.COURSE,
    "assessment": Kind.ASSESSMENT,
    "attempt": Kind.ATTEMPT,
    "liveClass": Kind.LIVE_CLASS,
}
BY_HAND = {"viewer", "node", "nodes", *ROOTS}
OF_NOBODY = {"platformStatus": "PlatformStatus"}
"""Roots that take no id and tell everybody the same, and what they give."""
BY_KIND = {
    Kind.COURSE: "Course",
    Kind.LESSON: "Lesson",
    Kind.ASSESSMENT: "Assessment",
    Kind.ATTEMPT: "Attempt",
    Kind.LIVE_CLASS: "LiveClass",
    Kind.LEARNER: "Learner",
    Kind.VIEWER: "Viewer",
}
"""What an id of each kind leads to: all that can be asked for by `node`."""

CLASSROOM = {
    "Breakout",
    "BreakoutsChanged",
    "ClassStateChanged",
    "ClassUpdated",
    "ClassroomSnapshot",
    "Gap",
    "Hand",
    "HandsChanged",
    "IceServer",
    "JoinTicket",
    "Participant",
    "PresenceChanged",
    "QualityAdvice",
    "Signal",
    "SignalSent",
}
"""Of a class that is held: told to those who are in it."""
ROOTS_AND_OUTCOMES = {
    "Query",
    "Mutation",
    "Subscription",
    "AssessmentRulesSet",
    "AttemptAccepted",
    "AttemptConflict",
    "CapabilityStatus",
    "CourseRenamed",
    "Drill",
    "Incident",
    "LessonCompleted",
    "PlatformStatus",
    "Refused",
    "RegradeAccepted",
    "TimeGranted",
    "Waiting",
    *CLASSROOM,
}
NEVER_SET = {
    "Refused.retryAfterMs",
    "Attempt.waiting",
    "LiveClass.present",
    "LiveClass.hands",
    "LiveClass.breakouts",
}
"""Fields that no source of today fills, that a class has only while it is held, or an attempt while
its side is away.
"""
NO_NODES = {Kind.MODULE, Kind.PARTICIPANT, Kind.BREAKOUT}


@pytest.fixture
async def campuses(system: System, monolith_db: Connection) -> list[Campus]:
    """Two of them have sat an exam on the new side."""
    run = next(NUMBERS)
    made = [await campus(monolith_db, f"campus-{run}-{number}") for number in range(n("I3"))]
    for one in made[:2]:
        await sit(system, one)
    return made


def everybody(system: System, at: Campus) -> list[Someone]:
    return [system.someone(at.tenant, user, role) for user, role in ROLES.items()]


async def test_i3_no_field_gives_a_row_of_another_tenant(
    system: System, campuses: list[Campus], figure: Recorder
) -> None:
    assert set(BY_KIND.values()) == _nodes()
    leaks, asked, seen = 0, 0, set[str]()

    for own in campuses:
        others = [other for other in campuses if other is not own]
        marks = [other.mark for other in others]
        people = everybody(system, own)
        for query, kinds in _everything():
            foreign = _ids(others, kinds)
            ids = [*_ids([own], kinds), *foreign]
            for answer in await asyncio.gather(*[one.answer(query, ids=ids) for one in people]):
                asked += len(foreign)
                leaks += _marked(answer, marks) + _given(answer["data"]["nodes"], foreign)
                seen |= touched(answer["data"])

    figure("I3", leaks=leaks, foreign_ids_asked=asked, fields_seen=len(seen & _fields()))
    assert leaks == 0
    assert _fields() - seen - NEVER_SET == set()


async def test_i3_a_foreign_id_is_answered_as_one_that_does_not_exist(
    system: System, campuses: list[Campus], figure: Recorder
) -> None:
    own, other = campuses[:2]
    assert set(core_schema().query_type.fields) == BY_HAND | OF_NOBODY.keys()  # type: ignore[union-attr]
    assert {(case.mutation, case.takes) for case in (*CASES, *IN_CLASS)} == set(
        fields_that_take_ids()
    )
    told_apart = 0

    for someone in everybody(system, own):
        for document, theirs in [*_documents(other), *_mutations(own, other)]:
            foreign = await someone.answer(document.replace("ID", theirs))
            missing = await someone.answer(document.replace("ID", "bm90aGluZw"))
            told_apart += foreign != missing

    figure("I3", foreign_told_from_missing=told_apart)
    assert told_apart == 0


async def test_i3_what_is_ones_own_is_found_by_the_same_documents(
    system: System, campuses: list[Campus]
) -> None:
    own = campuses[0]
    learner = system.someone(own.tenant, LEARNER, ROLES[LEARNER])

    for document, theirs in _documents(own):
        _assert_done(await learner.answer(document.replace("ID", theirs)))
    for case in CASES:
        asker = system.someone(own.tenant, case.by, ROLES[case.by])
        _assert_done(await asker.answer(case.document(own).replace("ID", case.id_of(own))))


def _assert_done(answer: Any) -> None:
    """All that is wrong with it is that learners do not read what others have handed in."""
    wrong = answer.get("errors", [])
    assert {error["path"][-1] for error in wrong} <= {"submissions", "submissionCounts"}, answer
    assert not {"Refused", "AttemptConflict"} & set(strings(answer)), answer
    assert None not in answer["data"].values()


async def test_i3_fails_without_the_guard(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Over sources that tell anybody everything, a guard that lets every id through leaks."""
    monkeypatch.setattr(guards, "_is_own", lambda ctx, text, kinds: True)
    leaks = 0

    for query in _foreign_roots():
        answer = await ask(_two_tenants(), viewer("acme", OPERATOR), query)
        leaks += _marked(answer.data, ["other"])

    figure("I3", leaks_without_the_guard=leaks)
    assert leaks > 0


async def test_i3_holds_over_sources_that_know_no_tenants() -> None:
    for query in _foreign_roots():
        answer = await ask(_two_tenants(), viewer("acme", OPERATOR), query)
        assert _marked(answer.data, ["other"]) == 0


def _two_tenants() -> FakePlatform:
    platform = FakePlatform()
    add_tenant(platform, "acme")
    add_tenant(platform, "other")
    return platform


def _foreign_roots() -> list[str]:
    ids = {
        "course": course_id("other"),
        "assessment": assessment_id("other"),
        "liveClass": class_id("other"),
    }
    ids_of_nodes = [*ids.values(), lesson_id("other"), attempt_id("other")]
    roots = [f'{{ {root}(id: "{id_}") {{ title }} }}' for root, id_ in ids.items()]
    nodes = [
        f'{{ node(id: "{id_}") {{ ... on Course {{ title }} ... on Lesson {{ title }} }} }}'
        for id_ in ids_of_nodes
    ]
    return roots + nodes


def _everything() -> list[tuple[str, list[Kind]]]:
    """Every field there is, and the kinds of ids it is asked with.

    Below the viewer, with ids of all kinds; then below things of each kind, with ids of that kind.
    """
    schema = core_schema()
    own = selection(schema, "Viewer")
    asks = f"query ($ids: [ID!]!) {{ viewer {own} nodes(ids: $ids) {{ __typename id }} }}"
    return [(asks, list(BY_KIND)), *[(_below(name), [kind]) for kind, name in BY_KIND.items()]]


def _below(name: str) -> str:
    part = f"... on {name} {selection(core_schema(), name)}"
    return f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id {part} }} }}"


def _ids(campuses: Iterable[Campus], kinds: Iterable[Kind]) -> list[str]:
    return [one for campus, kind in product(campuses, kinds) for one in campus.every(kind)]


def _documents(of: Campus) -> list[tuple[str, str]]:
    """Every root and node with each thing that it may lead to; `ID` stands for its id."""
    roots = [(f'{{ {root}(id: "ID") {{ id }} }}', kind) for root, kind in ROOTS.items()]
    nodes = [('{ node(id: "ID") { id } }', kind) for kind in Kind if kind not in NO_NODES]
    return [(document, one) for document, kind in [*roots, *nodes] for one in of.every(kind)]


def _mutations(own: Campus, other: Campus) -> list[tuple[str, str]]:
    return [(case.document(own), case.id_of(other)) for case in (*CASES, *IN_CLASS)]


def _marked(answer: Any, marks: Iterable[str]) -> int:
    return sum(mark in text for text in strings(answer) for mark in marks)


def _given(nodes: list[dict[str, Any] | None], ids: list[str]) -> int:
    return sum(node is not None and node["id"] in ids for node in nodes)


def _nodes() -> set[str]:
    """The types of all that `node` can find."""
    node = core_schema().type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return {kind.name for kind in core_schema().get_implementations(node).objects}


def _fields() -> set[str]:
    """Every field of things that belong to somebody; the documents ask for outcomes."""
    types = core_schema().type_map.values()
    return {
        f"{kind.name}.{field}"
        for kind in types
        if isinstance(kind, GraphQLObjectType)
        and not kind.name.startswith("__")
        and kind.name not in ROOTS_AND_OUTCOMES
        for field in kind.fields
    }
