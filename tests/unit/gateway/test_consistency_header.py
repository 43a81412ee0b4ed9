"""What a client has seen goes in by a header and comes out by one, whatever it asked for."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kit.consistency import HEADER, Consistency
from tests.fakes.asking import CONSISTENCY
from tests.fakes.tenant import LEARNER, course_id, lesson_id
from tests.unit.gateway.test_http import Door, code

COURSE, LESSON = course_id("acme"), lesson_id("acme")
READ = f'{{ course(id: "{COURSE}") {{ progress {{ completed asOf {{ token }} }} }} }}'
COMPLETE = f"""mutation {{ completeLesson(input: {{ lessonId: "{LESSON}", key: "k" }}) {{
  ... on LessonCompleted {{ token }} }} }}"""
WRITTEN = f"progress:completions/acme/1/{LEARNER}"
SHOWN = f"shown:completions/acme/1/{LEARNER}"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    made = Door(tmp_path)
    async with made.client:
        yield made


def seen(answer: httpx.Response) -> dict[str, int]:
    return CONSISTENCY.seen(answer.headers[HEADER])


async def ask(door: Door, query: str, *tokens: str) -> httpx.Response:
    headers = {HEADER: ", ".join(tokens)} if tokens else {}
    return await door.post({"query": query}, **headers)


async def test_who_has_seen_nothing_gets_no_header(door: Door) -> None:
    assert HEADER not in (await ask(door, "{ viewer { name } }")).headers


async def test_what_was_written_comes_back_in_the_header_and_in_the_answer(door: Door) -> None:
    answer = await ask(door, COMPLETE)

    told: dict[str, Any] = answer.json()["data"]["completeLesson"]
    assert seen(answer) == CONSISTENCY.seen(told["token"]) == {WRITTEN: 1}


async def test_what_was_read_comes_back_with_what_was_shown(door: Door) -> None:
    await ask(door, COMPLETE)

    answer = await ask(door, READ)

    told: dict[str, Any] = answer.json()["data"]["course"]["progress"]
    assert seen(answer) == CONSISTENCY.seen(told["asOf"]["token"]) == {WRITTEN: 1, SHOWN: 1}


async def test_of_what_is_sent_the_greatest_comes_back(door: Door) -> None:
    tokens = CONSISTENCY.token({"a": 1, "b": 5}), CONSISTENCY.token({"a": 3})

    answer = await ask(door, "{ viewer { name } }", *tokens)

    assert seen(answer) == {"a": 3, "b": 5}


async def test_what_was_just_written_comes_before_all_that_was_sent(door: Door) -> None:
    sent = CONSISTENCY.token({f"stream {n}": 1 for n in range(100)})

    answer = await ask(door, COMPLETE, sent)

    assert next(iter(seen(answer))) == WRITTEN


@pytest.mark.parametrize(
    "bad", ["", "made up", Consistency(b"another key").token({"a": 1}), "A" * 6_000]
)
async def test_a_header_that_is_no_token_is_refused_before_anything_is_asked(
    door: Door, bad: str
) -> None:
    answer = await ask(door, READ, bad)

    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    assert door.platform.calls.total() == 0
