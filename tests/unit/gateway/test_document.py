"""A document is parsed and validated once, and only a sound one is kept."""

import pytest
from graphql import OperationType

from gateway.operation.document import BadDocument, Documents, operation_of
from schema.contract import core_schema


@pytest.fixture
def documents() -> Documents:
    return Documents(core_schema(), most=2)


def test_a_known_document_is_not_read_again(documents: Documents) -> None:
    assert documents.read("{ __typename }") is documents.read("{ __typename }")


def test_the_document_used_longest_ago_is_forgotten_first(documents: Documents) -> None:
    first = documents.read("{ __typename }")
    second = documents.read("{ a: __typename }")
    documents.read("{ __typename }")

    documents.read("{ b: __typename }")

    assert documents.read("{ __typename }") is first
    assert documents.read("{ a: __typename }") is not second


@pytest.mark.parametrize(
    "text",
    ["", "{", "{ nothing }", "{ viewer { id } } { viewer { id } }", "{" + "a " * 2_000 + "}"],
)
def test_an_unsound_document_is_refused(documents: Documents, text: str) -> None:
    with pytest.raises(BadDocument):
        documents.read(text)


def test_one_operation_of_several_must_be_named(documents: Documents) -> None:
    document = documents.read("query A { __typename } mutation B { __typename }")

    with pytest.raises(BadDocument):
        operation_of(document, None)

    assert operation_of(document, "A").operation is OperationType.QUERY
    assert operation_of(document, "B").operation is OperationType.MUTATION
