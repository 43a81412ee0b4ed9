"""Importance is read off what is asked, and nothing that a client says changes it."""

import pytest
from graphql import parse, validate
from graphql.language import OperationDefinitionNode

from gateway.admission.priority import COSTLY, Priority
from gateway.admission.standing import Standing
from gateway.usage.fields import Uses
from schema.contract import core_schema
from services.contracts.ids import Kind, Side, encode

CASES = {
    "mutation { startAttempt(input: {assessmentId: 1, key: 1}) { __typename } }": Priority.EXAM,
    "mutation ($i: SaveAnswersInput!) { saveAnswers(input: $i) { __typename } }": Priority.EXAM,
    "mutation ($i: GrantTimeInput!) { grantTime(input: $i) { __typename } }": Priority.EXAM,
    "{ attempt(id: 1) { state answers { itemId } } }": Priority.EXAM,
    "{ assessment(id: 1) { items { prompt } window { endsAt } } }": Priority.EXAM,
    "{ node(id: 1) { ... on Attempt { answers { itemId } } } }": Priority.EXAM,
    "subscription { attemptUpdated(attemptId: 1) { state } }": Priority.EXAM,
    "{ liveClass(id: 1) { title } }": Priority.LIVE_CLASS,
    "{ viewer { name } }": Priority.INTERACTIVE,
    "{ course(id: 1) { title progress { ratio } } }": Priority.INTERACTIVE,
    "mutation ($i: RegradeInput!) { regrade(input: $i) { __typename } }": Priority.INTERACTIVE,
    "{ assessment(id: 1) { title } }": Priority.INTERACTIVE,
    "{ course(id: 1) { roster { totalCount } } }": Priority.BROWSE,
    "query ($f: DateTime!) { viewer { agenda(from: $f, to: $f) { title } } }": Priority.BROWSE,
    "{ assessment(id: 1) { items { id } submissions { totalCount } } }": Priority.BROWSE,
    # A more important neighbour, or one below, lifts nothing.
    "{ attempt(id: 1) { state } course(id: 1) { title } }": Priority.INTERACTIVE,
    "{ attempt(id: 1) { assessment { submissions { totalCount } } } }": Priority.BROWSE,
    "{ ...R } fragment R on Query { course(id: 1) { roster { totalCount } } }": Priority.BROWSE,
}


def standing(query: str) -> Standing:
    schema, document = core_schema(), parse(query)
    assert validate(schema, document) == []
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return Standing.of(Uses(schema, document, operation))


@pytest.mark.parametrize("query", CASES)
def test_what_is_asked_decides(query: str) -> None:
    assert standing(query).priority(1.0, is_known=True) is CASES[query]


def test_what_costs_much_is_no_exam() -> None:
    read = standing("{ attempt(id: 1) { state } }")
    write = standing("mutation ($i: SaveAnswersInput!) { saveAnswers(input: $i) { __typename } }")

    assert read.priority(COSTLY + 1, is_known=True) is Priority.BROWSE
    assert write.priority(COSTLY + 1, is_known=True) is Priority.INTERACTIVE


@pytest.mark.parametrize("query", CASES)
def test_whoever_did_not_sign_in_browses(query: str) -> None:
    assert standing(query).priority(1.0, is_known=False) is Priority.BROWSE


COURSE = encode(Kind.COURSE, "acme", 7)
ASSESSMENT = encode(Kind.ASSESSMENT, "acme", 9)
ATTEMPT = encode(Kind.ATTEMPT, "acme", 3, Side.LEGACY)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (f'{{ course(id: "{COURSE}") {{ title }} }}', {}),
        ("query ($id: ID!) { course(id: $id) { title } }", {"id": COURSE}),
        ("query ($id: ID!) { ...R } fragment R on Query { node(id: $id) { id } }", {"id": COURSE}),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [COURSE]}),
        (
            "mutation ($i: RenameCourseInput!) { renameCourse(input: $i) { __typename } }",
            {"i": {"courseId": COURSE, "title": "T", "key": "k"}},
        ),
        (
            "mutation ($id: ID!) { renameCourse(input: {courseId: $id, title: 1, key: 1})"
            " { __typename } }".replace("title: 1", 'title: "T"'),
            {"id": COURSE},
        ),
        (
            "query ($a: ID!, $c: ID!) { assessment(id: $a) { id } course(id: $c) { id } }",
            {"a": ASSESSMENT, "c": COURSE},
        ),
    ],
)
def test_a_course_that_is_named_is_the_class(query: str, variables: dict[str, object]) -> None:
    assert standing(query).room(variables, "acme") == COURSE


@pytest.mark.parametrize("id_", ["nonsense", ATTEMPT, encode(Kind.COURSE, "blue", 7), "", 7, None])
def test_what_names_no_class_of_the_tenant_has_none(id_: object) -> None:
    asked = standing("query ($id: ID!) { course(id: $id) { title } }")

    assert asked.room({"id": id_}, "acme") is None
    assert asked.room(None, "acme") is None


def test_an_exam_is_a_class_too() -> None:
    asked = standing("query ($id: ID!) { assessment(id: $id) { items { id } } }")

    assert asked.room({"id": ASSESSMENT}, "acme") == ASSESSMENT
