"""A document is parsed, measured and validated once, and only a sound one is kept."""

import gc
import logging

import pytest
from graphql import OperationType, validate

from gateway.operation.document import Documents
from gateway.operation.limits import Limits
from gateway.operation.refusal import BadDocument
from gateway.operation.rules import Rules
from schema.contract import core_schema
from services.kit.settings import Limiting

CLOSED = Rules(is_open=False)
SMALL = "{ __typename }"
OTHER = "{ viewer { id } }"


@pytest.fixture
def documents() -> Documents:
    return Documents(core_schema())


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One more for each validation."""
    times: list[None] = []

    def counted(*args: object, **options: object) -> object:
        times.append(None)
        return validate(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("gateway.operation.document.validate", counted)
    return times


def code_of(documents: Documents, text: str) -> str:
    with pytest.raises(BadDocument) as refusal:
        documents.read(text)
    return refusal.value.code


def test_a_known_document_is_not_read_again(documents: Documents) -> None:
    assert documents.read(SMALL) is documents.read(SMALL)


def test_the_document_used_longest_ago_is_forgotten_first() -> None:
    documents = Documents(core_schema(), CLOSED, most_tokens=9)
    first, second = documents.read(SMALL), documents.read(OTHER)
    assert first.tokens + second.tokens <= 9
    documents.read(SMALL)

    documents.read("{ __typename } ")

    assert documents.read(SMALL) is first
    assert documents.read(OTHER) is not second


@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_kept_is_little_to_collect(*, is_open: bool) -> None:
    """A full garbage collection goes through all of it while everybody waits."""
    documents = Documents(core_schema(), Rules(is_open=is_open))
    documents.read(OTHER)
    gc.collect()
    before = len(gc.get_objects())

    for number in range(2_000):
        documents.read(f"query Q{number} {{ viewer {{ id name }} }}")

    gc.collect()
    assert len(gc.get_objects()) - before < 30_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { id } } { viewer { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Viewer { id }", "GRAPHQL_VALIDATION_FAILED"),
        ("{" + "a " * 2_000 + "}", "MAX_TOKENS"),
        ("{ __typename }" + "#" * 20_000, "MAX_LENGTH"),
        ("{a" * 480 + "}" * 480, "MAX_DEPTH"),
    ],
    ids=lambda value: value[:30],
)
def test_an_unsound_document_is_refused(documents: Documents, text: str, code: str) -> None:
    assert code_of(documents, text) == code


def test_why_it_was_refused_is_remembered(documents: Documents, validated: list[None]) -> None:
    assert {code_of(documents, "{ nothing }") for _ in range(3)} == {"GRAPHQL_VALIDATION_FAILED"}

    assert len(validated) == 1


def test_what_is_too_large_is_never_validated(documents: Documents, validated: list[None]) -> None:
    code_of(documents, "{ viewer { " + "a: id " * 100 + "} }")

    assert validated == []


def test_one_operation_of_several_must_be_named(documents: Documents) -> None:
    document = documents.read("query A { __typename } mutation B { __typename }")

    with pytest.raises(BadDocument):
        document.operation(None)

    assert document.operation("A").kind is OperationType.QUERY
    assert document.operation("B").kind is OperationType.MUTATION


def test_variables_that_do_not_fit_are_refused(documents: Documents) -> None:
    document = documents.read("query ($n: Int) { viewer { courses(first: $n) { totalCount } } }")
    operation = document.operation(None)

    assert documents.variables(operation, {"n": 3, "more": 1}).coerced == {"n": 3}
    with pytest.raises(BadDocument):
        documents.variables(operation, {"n": "three"})


def test_a_closed_door_says_that_a_document_is_wrong_and_no_more() -> None:
    closed = Documents(core_schema(), Rules(is_open=False))

    with pytest.raises(BadDocument) as refusal:
        closed.read("{ viewer { named } }")

    [error] = refusal.value.errors
    assert error.formatted == {
        "message": "The document does not fit the contract.",
        "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
    }


def test_an_open_door_says_what_is_wrong_and_where(documents: Documents) -> None:
    with pytest.raises(BadDocument) as refusal:
        documents.read("{ viewer { named } }")

    [error] = refusal.value.errors
    assert "Did you mean 'name'?" in error.message
    assert error.locations == [(1, 12)]


def test_a_closed_door_is_not_asked_about_the_contract() -> None:
    closed = Documents(core_schema(), Rules(is_open=False))

    assert code_of(closed, "{ __schema { types { name } } }") == "INTROSPECTION_OFF"
    assert code_of(closed, '{ viewer { id } t: __type(name: "A") { name } }') == "INTROSPECTION_OFF"
    closed.read("{ viewer { __typename } }")


def test_one_may_only_warn(caplog: pytest.LogCaptureFixture) -> None:
    lenient = Documents(core_schema(), Rules(Limits(depth=2, aliases=0), Limiting.WARN))

    with caplog.at_level(logging.WARNING):
        lenient.read("{ viewer { courses { n: totalCount } } }")

    told = [record.about["code"] for record in caplog.records]  # type: ignore[attr-defined]
    assert told == ["MAX_DEPTH", "MAX_ALIASES"]
