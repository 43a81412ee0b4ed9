"""An event in words that we do not know spoils neither its batch nor itself."""

import msgspec
import pytest

from services.contracts.events import CourseChanged, Unreadable
from services.events.words import events_of, understood, worded

KNOWN = {"type": "CourseChanged", "course": 1, "title": "Cells", "code": "C-1"}
UNKNOWN = {"type": "CourseSold", "course": 1}


def told(*said: object) -> bytes:
    envelope = {"source": "legacy", "stream": "s", "tenant": "demo", "at": "2026-01-01T00:00:00Z"}
    batch = [{**envelope, "version": nth, "data": data} for nth, data in enumerate(said, 1)]
    return msgspec.json.encode(batch)


@pytest.mark.parametrize("wrong", [UNKNOWN, {**KNOWN, "course": "one"}, {}, [], None, 7])
def test_the_others_of_its_batch_are_read(wrong: object) -> None:
    first, second, third = events_of(told(KNOWN, wrong, KNOWN))

    assert isinstance(first.data, CourseChanged)
    assert isinstance(third.data, CourseChanged)
    assert isinstance(second.data, Unreadable)
    assert msgspec.json.decode(second.data.raw) == wrong


def test_an_older_release_passes_on_what_a_newer_one_understands() -> None:
    older = Unreadable(msgspec.json.encode(KNOWN).decode(), "older")

    [event] = events_of(told(msgspec.to_builtins(older)))

    assert event.data == CourseChanged(1, "Cells", "C-1")


def test_a_batch_whose_envelope_is_spoilt_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        events_of(b'[{"source": "legacy"}]')


def test_what_is_no_json_is_kept_as_it_came() -> None:
    assert isinstance(understood(b"\xff{"), Unreadable)


def test_a_row_in_other_words_is_told_as_it_is() -> None:
    said = worded(UNKNOWN)

    assert isinstance(said, Unreadable)
    assert msgspec.json.decode(said.raw) == UNKNOWN
