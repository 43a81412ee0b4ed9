"""Row I8 without what holds it: paths made of what a client says, log lines that are no JSON."""

import io
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from legacy import translate
from services.contracts.ids import CourseId
from services.kit import log
from services.kit.log import Log
from services.kit.redaction import Redaction
from tests.faults.registry import n
from tests.figures import Recorder
from tests.security.payloads import MARK, PAYLOADS
from tests.security.receivers import is_odd
from tests.unit.legacy.old_monolith import OldMonolith, caller


async def test_i8_no_text_is_part_of_a_path_of_the_monolith() -> None:
    assert await _paths_with_texts() == []


async def test_i8_fails_without_the_check_of_local_ids(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(translate, "local", _inside)

    reached = await _paths_with_texts()

    figure("I8", paths_with_texts_without=len(reached))
    assert len(reached) > n("I8") // 2


def test_i8_a_record_is_one_line_whatever_it_says() -> None:
    assert _odd_lines() == []


def test_i8_fails_without_json_in_the_log(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(log.AsJson, "format", _as_prose)

    odd = _odd_lines()

    figure("I8", odd_log_lines_without=len(odd))
    assert any("forged" in line for line in odd)


async def _paths_with_texts() -> list[str]:
    """What the monolith is asked for ids with a text of ours inside."""
    old = OldMonolith()
    ids = [_around(text) for text in PAYLOADS.values()]
    await old.courses().many(caller(), ids)
    await old.courses().outlines(caller(), ids)
    return [call.url for call in old.calls if MARK in call.url]


def _around(text: str) -> CourseId:
    return CourseId(urlsafe_b64encode(f"1c-acme/{text}".encode()).rstrip(b"=").decode())


def _inside(global_id: str) -> str:
    """Believes every id."""
    plain = urlsafe_b64decode(global_id + "=" * (-len(global_id) % 4)).decode()
    return plain.partition("/")[2]


def _odd_lines() -> list[str]:
    with _written() as stream:
        for text in PAYLOADS.values():
            Log("i8").warning("legacy.failed", why=text)
            Log("i8").error("legacy.failed", ValueError(text), path=text)
    return [line for line in stream.getvalue().splitlines() if is_odd(line)]


@contextmanager
def _written() -> Iterator[io.StringIO]:
    stream, logger = io.StringIO(), logging.getLogger("i8")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.AsJson(Redaction({})))
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield stream
    finally:
        logger.removeHandler(handler)


def _as_prose(self: logging.Formatter, record: logging.LogRecord) -> str:
    return f"{record.levelname} {record.getMessage()} {record.__dict__['about']}".replace(
        "\\n", "\n"
    )
