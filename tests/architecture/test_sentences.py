"""Every sentence that a client may be told is there in every language, and none is forgotten."""

import re
from string import Formatter

import pytest

from gateway.locale.catalogues import FOLDER, read_all
from gateway.transport.wire import MOST_REASON_BYTES
from tests.architecture.sentences import said_in, sentences, shaped, told_by_the_product
from tests.architecture.sources import Source, product

LANGUAGES = ("es", "id", "pt")
PROTOCOLS = {
    "Connection initialisation timeout",
    "Forbidden",
    "PersistedQueryNotFound",
    "PersistedQueryNotSupported",
    "Too many initialisation requests",
    "Unauthorized",
    "provided sha does not match query",
}
"""Words of graphql-transport-ws and of persisted queries, which clients compare with their own."""
HANDS_ON = {
    "gateway/errors.py _with_code",
    "gateway/errors.py formatted",
    "gateway/operation/errors.py _coded",
    "gateway/operation/errors.py syntax_error",
    "gateway/operation/errors.py unfit",
    "gateway/operation/limits.py told",
    "gateway/operation/refusal.py refused",
    "gateway/operation/rules.py judge",
    "gateway/transport/body.py _asked",
    "gateway/transport/body.py _bad",
    "gateway/transport/body.py _from_query",
    "gateway/transport/body.py _json",
    "gateway/transport/operations.py _problem",
    "gateway/transport/operations.py begin",
    "gateway/shadow/command.py foretold",
    "gateway/shadow/command.py told",
    "gateway/execution/compiled/completing.py _list",
    "gateway/execution/compiled/completing.py _unknown",
    "gateway/execution/compiled/completing.py thing",
    "gateway/transport/sse.py _signed_out",
    "gateway/transport/whole.py refuse",
    "gateway/transport/wire.py _reason",
    "legacy/conflicts.py refusal_of",
    "resolvers/said.py _invalid",
    "schema/answering.py error_of",
    "schema/attempt.py",
    "schema/classroom.py",
    "schema/errors.py",
    "services/assessment/handlers/settle.py _conflict",
}
"""Tell what somebody else has said, or a library of GraphQL: its words are for developers."""
PLANTED = Source(
    "services/a.py",
    'MOST = 3\nBAD = Refused(Code.INVALID, f"Planted, {MOST} at most.")\n'
    'def f(): return Refused(Code.INVALID, message="Planted too.")\n'
    "def g(x): return Refused(Code.INVALID, x)\n",
)


def untranslated(known: set[str]) -> list[str]:
    """`es: sentence` of each that a language has no words for."""
    catalogues = read_all()
    return [
        f"{language}: {sentence}"
        for language in sorted({*LANGUAGES, *catalogues})
        for sentence in sorted(known - PROTOCOLS - catalogues[language].keys())
    ]


def test_every_sentence_has_a_translation_in_every_language() -> None:
    assert untranslated(sentences()) == [], f"add them to {FOLDER.name}/*.po"


def test_a_new_sentence_without_translation_is_found() -> None:
    said = list(said_in(PLANTED, {"MOST": 3}))

    assert [one.sentence for one in said] == ["Planted, 3 at most.", "Planted too.", None]
    assert said[2].place == "services/a.py g"
    assert "id: Planted too." in untranslated({"Planted too."})


def test_no_sentence_is_told_that_a_translator_cannot_know() -> None:
    """A new place that hands on words must be named here, and whoever words come from in SAYS."""
    assert {said.place for said in told_by_the_product() if said.sentence is None} == HANDS_ON


def test_nothing_that_looks_like_a_sentence_escapes_the_search() -> None:
    known = sentences()
    unknown = [found for source in product() for found in shaped(source, known)]

    assert unknown == []


def test_a_sentence_said_in_another_way_is_found() -> None:
    source = Source("resolvers/a.py", '"""Docs."""\nraise Novel("This is new here.")\n')

    assert list(shaped(source, set())) == ["resolvers/a.py:2 This is new here."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_values_of_its_sentence_and_none_is_left_over(language: str) -> None:
    catalogue = read_all()[language]

    assert {one for one, told in catalogue.items() if _values(one) != _values(told)} == set()
    assert catalogue.keys() - sentences() == set()


def test_what_names_parts_of_the_contract_names_them_in_every_language() -> None:
    quoted = re.compile(r"`[^`]+`")
    for language, catalogue in read_all().items():
        for one, told in catalogue.items():
            assert quoted.findall(one) == quoted.findall(told), f"{language}: {one}"


def test_every_reason_fits_into_the_frame_that_closes() -> None:
    reasons = {one for one in sentences() if not one.endswith((".", "?"))}
    reasons.add("`consistency` has no token of this platform: leave it out.")
    longest = max(
        len(told.encode())
        for catalogue in read_all().values()
        for one, told in catalogue.items()
        if one in reasons
    )

    assert longest <= MOST_REASON_BYTES


def _values(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
