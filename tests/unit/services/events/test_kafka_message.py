"""What Kafka carries is what docs/events.md says, and never a right answer."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from msgspec.structs import fields

from services.contracts.assessment import AttemptState
from services.contracts.events import (
    AttemptChanged,
    Event,
    Happened,
    ItemKey,
    PastAttempt,
    Unreadable,
)
from services.contracts.ids import TenantId
from services.events.kafka.address import kafka_of
from services.events.kafka.message import Message, message_of, type_of
from tests.faults.quiz import QUIZ, RIGHT

PAGE = Path("docs/events.md").read_text()
AT = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
SUBMITTED = PastAttempt(1, AttemptState.SUBMITTED, AT, AT, AT, 2.0, 3.0, late=False)
EXAMPLE = Event(
    source="assessment",
    stream="attempt/acme/41-7-1",
    version=5,
    tenant=TenantId("acme"),
    at=AT,
    data=AttemptChanged(41, 3, 7, SUBMITTED),
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
)


def told(event: Event) -> str:
    """As the page shows a message."""
    message = message_of(event)
    head = [("key", message.key), *message.headers]
    lines = [f"{name}: {text.decode()}" for name, text in head]
    return "\n".join([*lines, "", msgspec.json.format(message.value, indent=2).decode()])


def test_the_page_shows_a_message_as_it_is() -> None:
    assert told(EXAMPLE) in PAGE


@pytest.mark.parametrize("happened", [it for it in get_args(Happened) if it is not Unreadable])
def test_the_page_lists_every_type_with_all_that_it_says(happened: type[Happened]) -> None:
    [row] = re.findall(rf"^\| `{re.escape(type_of(happened.__name__))}` \|.*$", PAGE, re.MULTILINE)

    assert re.findall(r"`(\w+)`", row.split("|")[3]) == [
        field.encode_name for field in fields(happened) if field.name != "keys"
    ]


def test_right_answers_never_leave() -> None:
    assert QUIZ.keys == RIGHT

    message = message_of(msgspec.structs.replace(EXAMPLE, data=QUIZ))

    assert said(message) == msgspec.structs.replace(QUIZ, keys=None)
    assert not any(secret in message.value for secret in secrets(RIGHT))


def test_words_of_a_newer_release_are_passed_on_as_they_are() -> None:
    raw = '{"type":"ChoirFormed","voices":4,"keys":["g"]}'

    message = message_of(msgspec.structs.replace(EXAMPLE, data=Unreadable(raw, "new to us")))

    assert header(message, "ce_type") == "banyan.ChoirFormed.v1"
    assert msgspec.json.decode(message.value)["data"] == {"type": "ChoirFormed", "voices": 4}


def test_an_id_is_one_event_and_no_other() -> None:
    ids = {
        header(message_of(it), "ce_id")
        for it in (EXAMPLE, other("stream", "x"), other("version", 6))
    }

    assert len(ids) == 3
    assert header(message_of(EXAMPLE), "ce_id") == "assessment/attempt/acme/41-7-1/5"


def test_without_a_trace_there_is_no_header_for_one() -> None:
    assert "traceparent" not in dict(message_of(other("traceparent", None)).headers)


def test_without_a_broker_named_nothing_is_sent_anywhere() -> None:
    assert kafka_of({"KAFKA_SASL_USERNAME": "us"}) is None
    assert kafka_of({"KAFKA_BOOTSTRAP": ""}) is None


def test_how_to_sign_in_is_told_in_the_words_of_librdkafka() -> None:
    environ = {"KAFKA_BOOTSTRAP": "a:9092", "KAFKA_SASL_USERNAME": "us", "KAFKA_HEAP_OPTS": "x"}

    assert kafka_of(environ) == {"bootstrap.servers": "a:9092", "sasl.username": "us"}


def said(message: Message) -> Happened:
    data: Happened = msgspec.convert(msgspec.json.decode(message.value)["data"], Happened)
    return data


def header(message: Message, name: str) -> str:
    return dict(message.headers)[name].decode()


def other(field: str, value: object) -> Event:
    return msgspec.structs.replace(EXAMPLE, **{field: value})


def secrets(keys: list[ItemKey]) -> list[bytes]:
    return [text.encode() for key in keys for text in key.texts or []]
