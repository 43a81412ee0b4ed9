"""G6: whoever probes a closed door for the contract learns no word of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNamedType, get_named_type

from gateway.operation.rules import Rules
from schema.contract import core_schema
from tests.faults.door import CLOSED, Door, codes
from tests.faults.registry import n
from tests.figures import Recorder

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PLAIN = {"Int", "Float", "String", "Boolean", "ID", "Query", "Mutation", "Subscription"}
ENGLISH = {"of", "from", "to", "if", "first", "text", "number", "name", "code", "message", "errors"}
"""Words of the contract that any sentence and any answer has."""
PROBES: list[dict[str, Any]] = [
    {"query": "{ __schema { types { name } } }"},
    {"query": "{ __schema { queryType { fields { name args { name } } } } }"},
    {"query": '{ __type(name: "User") { fields { name } } }'},
    {"query": "{ x: __schema { directives { name } } }"},
    {"query": "{ ...F } fragment F on Query { __schema { description } }"},
    {"query": "{ viewe { id } }"},
    {"query": "{ cours }"},
    {"query": "{ viewer }"},
    {"query": "{ viewer { nam role } }"},
    {"query": '{ course(ids: "x") { id } }'},
    {"query": "{ course { id } }"},
    {"query": "{ course(id: {a: 1}) { id } }"},
    {"query": "{ viewer { ... on Cours { id } } }"},
    {"query": "{ viewer { ... on Course { id } } }"},
    {"query": "query ($a: Strin) { viewer { id } }"},
    {"query": "query ($a: ID!) { course(id: $a) { id } }"},
    {"query": "query ($a: ID!) { course(id: $a) { id } }", "variables": {"a": {}}},
    {
        "query": "mutation ($a: CompleteLessonInput!) { completeLesson(input: $a) { __typename } }",
        "variables": {"a": {"lesson": 1}},
    },
    {"query": "mutation { completeLesson(input: {}) { __typename } }"},
    {"query": 'query { viewer { agenda(from: "x", to: "y") { id } } }'},
]


async def test_g6_no_refusal_says_a_word_of_the_contract(tmp_path: Path, figure: Recorder) -> None:
    door, leaked, refused = Door(tmp_path, CLOSED), set[str](), 0
    assert len(PROBES) == n("G6")

    async with door.client() as client:
        for probe in PROBES:
            answer = await client.post("/graphql", json=probe)
            refused += bool(codes(answer))
            leaked |= _said(answer.text) - _said(str(probe))
        page = await client.get("/graphql", headers={"accept": "text/html"})

    figure("G6", probes=len(PROBES), schema_words=len(leaked))
    assert refused == len(PROBES)
    assert leaked == set()
    assert door.executed == 0
    assert "graphiql" not in page.text.lower()


async def test_g6_fails_without_closing_the_door(tmp_path: Path, figure: Recorder) -> None:
    door, leaked = Door(tmp_path, Rules(is_open=True)), set[str]()

    async with door.client() as client:
        for probe in PROBES:
            answer = await client.post("/graphql", json=probe)
            leaked |= _said(answer.text) - _said(str(probe))

    figure("G6", schema_words_of_an_open_door=len(leaked))
    assert len(leaked) > 50


def _said(text: str) -> set[str]:
    return set(WORD.findall(text)) & WORDS


def _words() -> Iterator[str]:
    for name, kind in core_schema().type_map.items():
        if not name.startswith("__"):
            yield name
            yield from _words_of(kind)


def _words_of(kind: GraphQLNamedType) -> Iterator[str]:
    if isinstance(kind, GraphQLEnumType):
        yield from kind.values
        return
    for name, field in getattr(kind, "fields", {}).items():
        yield name
        yield get_named_type(field.type).name
        if not isinstance(kind, GraphQLInputObjectType):
            yield from field.args


WORDS = set(_words()) - PLAIN - ENGLISH
