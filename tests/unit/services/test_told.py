"""What is written down of an error says what went wrong, and nothing that anybody wrote."""

import json
import logging
from collections.abc import Callable
from datetime import date
from enum import StrEnum

import asyncpg
import msgspec
import pytest

from services.kit.log import AsJson
from services.kit.redaction import Redaction
from services.kit.told import told, traced

ANNA = 'Anna\'s "word"'


class Color(StrEnum):
    RED = "red"


class Painted(msgspec.Struct):
    color: Color


def of(read: Callable[[str], object], text: str = ANNA) -> Exception:
    """What is raised by who cannot read a text."""
    with pytest.raises(Exception) as raised:  # noqa: PT011
        read(text)
    return raised.value


@pytest.mark.parametrize("read", [float, int, {}.__getitem__, Color, date.fromisoformat])
def test_a_quoted_value_is_left_out(read: Callable[[str], object]) -> None:
    wrong = of(read)

    assert "word" in str(wrong)
    assert "word" not in told(wrong) + traced(wrong)


def test_a_value_that_a_struct_does_not_know_is_left_out() -> None:
    wrong = of(lambda text: msgspec.convert({"color": text}, Painted))

    assert told(wrong) == "Invalid enum value '…' - at `$.color`"


def test_the_words_round_it_are_told() -> None:
    assert told(of(float)) == "could not convert string to float: '…'"
    assert told(ValueError("the row's own key isn't there")) == "the row's own key isn't there"


def test_of_postgresql_the_names_are_told_and_no_row() -> None:
    wrong = asyncpg.UniqueViolationError('violates unique constraint "one_open"')
    wrong.detail = "Failing row contains (Anna)."

    assert told(wrong) == 'violates unique constraint "one_open"'
    assert told(asyncpg.DataError('invalid input syntax: "Anna"')) == "invalid input syntax: '…'"


def test_an_address_is_told_without_its_account() -> None:
    wrong = OSError("no answer from postgresql://banyan:p4ss@db.example:5432/banyan")

    assert told(wrong) == "no answer from postgresql://db.example:5432/banyan"


def test_a_trace_shows_what_led_to_it_and_what_is_in_a_group() -> None:
    try:
        try:
            float("Anna")
        except ValueError as wrong:
            raise ExceptionGroup("two", [KeyError("Anna"), OSError("away")]) from wrong
    except ExceptionGroup as both:
        shown = traced(both)

    assert [line for line in shown.splitlines() if line.startswith(("builtins", "which"))] == [
        "builtins.ValueError: could not convert string to float: '…'",
        "which led to",
        "builtins.ExceptionGroup: two (2 sub-exceptions)",
        "builtins.KeyError: '…'",
        "builtins.OSError: away",
    ]
    assert 'float("Anna")' in shown, "the code itself may be shown"


def test_a_line_of_the_log_has_the_trace_and_no_value() -> None:
    wrong = of(float)
    info = (type(wrong), wrong, wrong.__traceback__)
    record = logging.LogRecord("here", logging.ERROR, "", 1, "event", None, info)

    line = json.loads(AsJson(Redaction({})).format(record))

    assert (line["event"], line["level"]) == ("event", "error")
    assert "ValueError" in line["error"]
    assert "word" not in line["error"]
