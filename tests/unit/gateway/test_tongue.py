"""A client is told things in the language it wants most of those there are, else in English."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.locale.catalogues import read_all
from gateway.locale.sentence import Sentence
from gateway.locale.tongue import Tongue, Tongues
from services.contracts.errors import UNAUTHENTICATED

TONGUES = Tongues.read()
TOLD = {
    "en": UNAUTHENTICATED.message,
    "es": "Es necesario iniciar sesión primero.",
    "id": "Silakan masuk terlebih dahulu.",
    "pt": "É necessário entrar na sua conta primeiro.",
}
COST = Sentence("The document's cost: {measured}, {most} at most.", measured=12_345.5, most=10_000)


def tongue(*accepted: str, preferred: object = None) -> Tongue:
    made = TONGUES.of(accepted)
    made.prefer(preferred)
    return made


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "en"),
        ("es", "es"),
        ("ES-mx", "es"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("pt-PT", "pt"),
        ("en;q=0.8, id;q=0.9", "id"),
        ("es;q=0.5, pt;q=0.5", "es"),
        ("fr-FR, de;q=0.9, es-AR;q=0.1", "es"),
        ("es;q=0, *", "en"),
        ("*;q=0.9, id;q=0.1", "id"),
        ("in-ID", "id"),
        ("fr", "en"),
        ("en-GB, es", "en"),
        ("es;q=many", "en"),
        (";;,,=", "en"),
    ],
)
def test_the_heaviest_that_there_is_is_spoken(accepted: str, expected: str) -> None:
    assert tongue(accepted).say(UNAUTHENTICATED.message) == TOLD[expected]


@pytest.mark.parametrize(
    ("preferred", "expected"),
    [("pt_BR", "pt"), ("id-ID", "id"), ("en", "en"), ("fr", "es"), (None, "es"), (7, "es")],
)
def test_what_the_viewer_prefers_counts_for_more(preferred: object, expected: str) -> None:
    assert tongue("es", preferred=preferred).locale == expected


def test_a_preference_that_comes_late_counts_from_then_on() -> None:
    made = tongue("es")
    first = made.say(UNAUTHENTICATED.message)
    made.prefer("id")

    assert [first, made.say(UNAUTHENTICATED.message)] == [TOLD["es"], TOLD["id"]]
    assert [*made.spoken] == ["es", "id"]


@given(st.lists(st.text(), max_size=3), st.text() | st.none() | st.integers())
def test_no_header_and_no_wish_breaks_it(accepted: list[str], preferred: object) -> None:
    assert tongue(*accepted, preferred=preferred).say(UNAUTHENTICATED.message) in TOLD.values()


@given(st.lists(st.sampled_from(["es", "pt-br", "id;q=0.5", "*", ";q=1", "en;q=nan", "-", "x-"])))
def test_no_order_of_what_is_almost_right_breaks_it(parts: list[str]) -> None:
    assert tongue(",".join(parts)).locale in TOLD


def test_ten_thousand_languages_are_not_all_read() -> None:
    assert tongue(",".join(["fr"] * 10_000 + ["es"])).locale == "en"


def test_values_are_filled_in_as_the_language_writes_them() -> None:
    assert str(COST) == "The document's cost: 12,345.5, 10,000 at most."
    assert tongue("pt").say(COST) == "Custo do documento: 12.345,5; máximo: 10.000."
    assert tongue("fr").say(COST) == str(COST)


def test_braces_of_a_client_are_no_values() -> None:
    sentence = Sentence("`{name}` stands twice in the address.", name="{measured}")

    assert tongue("es").say(sentence) == "`{measured}` aparece dos veces en la dirección."


def test_what_has_no_translation_stays_english_and_is_said_to_be() -> None:
    made = tongue("es")

    assert made.say("Syntax Error: {") == "Syntax Error: {"
    assert [*made.spoken] == ["en"]


def test_without_catalogues_all_is_english() -> None:
    assert Tongues().of(["es"]).say(COST) == str(COST)


def test_what_a_translator_doubts_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "es.po"
    file.write_text('msgid "Yes."\nmsgstr "Sí."\n\n#, fuzzy\nmsgid "No."\nmsgstr "¿No?"\n')

    assert read_all(file.parent) == {"es": {"Yes.": "Sí."}}
