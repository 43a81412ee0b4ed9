"""Completing a lesson: one key, one effect, one reply, however often and however much at once."""

import asyncio

import httpx
import pytest

from services.commands import idempotency
from services.contracts.errors import HIDDEN, KEY_REUSED, ErrorCode, Refused
from services.contracts.events import LessonsCompleted
from services.contracts.learning import Lesson, LessonCompleted, LessonKind
from services.contracts.progress_api import COMPLETE_LESSON
from services.contracts.question import IDEMPOTENCY_KEY
from services.contracts.viewer_headers import headers_of
from services.events.bell import Bell
from tests.contract.school import BIOLOGY
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, course_id, lesson_id
from tests.integration.progress.campus import Campus
from tests.integration.progress.completing import (
    NONE,
    ONCE,
    Effects,
    claimed,
    effects,
    unclaimed,
)

AT_ONCE = 50


async def complete(
    campus: Campus, number: int, key: str, user: str = LEARNER
) -> LessonCompleted | Refused:
    lesson = lesson_id(campus.tenant, number)
    return await campus.sources.completions.complete(campus.asking(user), lesson, key)


async def test_a_completed_lesson_is_done_counted_and_told(campus: Campus) -> None:
    done = await complete(campus, 3, "key")

    own, course = campus.tenant, course_id(campus.tenant, BIOLOGY)
    assert isinstance(done, LessonCompleted)
    assert done.lesson == Lesson(
        lesson_id(own, 3), course, "Lesson 3", LessonKind.VIDEO, completed=True
    )
    [progress] = await campus.sources.progress.mine(campus.asking(), [course])
    assert not isinstance(progress, Refused)
    assert progress.completed == 2
    [told] = await campus.pool.fetch("SELECT * FROM outbox WHERE tenant_id = $1", own)
    assert told["stream"] == f"completions/{own}/{BIOLOGY}/{LEARNER}"
    assert told["version"] == 1
    assert told["data"] == {"type": "LessonsCompleted", "course": 1, "user": 4, "lessons": [3]}


async def test_ones_own_event_counts_as_applied(campus: Campus) -> None:
    await complete(campus, 3, "one")
    await complete(campus, 5, "two")

    stream = f"progress:completions/{campus.tenant}/{BIOLOGY}/{LEARNER}"
    applied = "SELECT version FROM applied WHERE stream = $1"
    assert await campus.pool.fetchval(applied, stream) == 2


async def test_the_same_key_gets_the_same_reply_and_does_nothing_more(campus: Campus) -> None:
    first = await complete(campus, 3, "key")
    await campus.pool.execute(
        "UPDATE lessons SET title = 'Renamed since' WHERE tenant_id = $1 AND id = 3", campus.tenant
    )

    second = await complete(campus, 3, "key")

    assert second == first
    assert await effects(campus) == ONCE


async def test_a_new_key_for_what_is_done_replies_alike_and_appends_nothing(
    campus: Campus,
) -> None:
    first = await complete(campus, 3, "one")

    second = await complete(campus, 3, "two")

    assert second == first
    assert await effects(campus) == ONCE


async def test_a_lesson_done_on_the_other_side_is_not_told_again(campus: Campus) -> None:
    told = LessonsCompleted(BIOLOGY, int(LEARNER), [3])
    await campus.happens(f"completions/{{}}/{BIOLOGY}/{LEARNER}", told)

    done = await complete(campus, 3, "key")

    assert isinstance(done, LessonCompleted)
    assert await effects(campus) == Effects(completions=1, counted=1, events=0)


async def test_a_key_is_not_taken_for_another_lesson(campus: Campus) -> None:
    await complete(campus, 3, "key")

    other = await complete(campus, 5, "key")

    assert other == KEY_REUSED
    assert await effects(campus) == ONCE


async def test_a_key_is_its_actors_own(campus: Campus) -> None:
    await complete(campus, 3, "key", LEARNER)

    others = await complete(campus, 5, "key", OTHER)

    assert isinstance(others, LessonCompleted)


@pytest.mark.parametrize("user", [TEACHER, OPERATOR, "77"])
async def test_who_does_not_learn_in_the_course_completes_nothing(
    campus: Campus, user: str
) -> None:
    headers = headers_of(campus.asking(TEACHER).viewer) | {"banyan-user": user}

    reply = await post(campus, headers | {IDEMPOTENCY_KEY: "key"}, b'{"lesson": 3}')

    assert reply.status_code == 404
    assert reply.json()["code"] == HIDDEN.code
    assert await effects(campus) == NONE


async def test_a_refusal_does_not_use_up_the_key(campus: Campus) -> None:
    first = await complete(campus, 999, "key")

    second = await complete(campus, 3, "key")

    assert first == HIDDEN
    assert isinstance(second, LessonCompleted)


@pytest.mark.parametrize("key", ["", "one two", "ключ", "a" * 10_000, "a\r\nb: c", "\ud800"])
async def test_every_text_is_a_key(campus: Campus, key: str) -> None:
    first = await complete(campus, 3, key)

    assert isinstance(first, LessonCompleted)
    assert await complete(campus, 5, key) == KEY_REUSED


async def test_many_identical_commands_at_once_have_one_effect_and_one_reply(
    campus: Campus,
) -> None:
    async with asyncio.TaskGroup() as sent:
        tasks = [sent.create_task(complete(campus, 3, "key")) for _ in range(AT_ONCE)]

    replies = [task.result() for task in tasks]
    assert replies == [replies[0]] * AT_ONCE
    assert isinstance(replies[0], LessonCompleted)
    assert await effects(campus) == ONCE


async def test_the_claim_alone_makes_one_effect_of_many_commands_at_once(
    campus: Campus, bell: Bell
) -> None:
    async with asyncio.TaskGroup() as sent:
        for _ in range(AT_ONCE):
            sent.create_task(claimed(campus, bell))

    assert (await effects(campus)).events == 1


async def test_without_the_claim_there_are_as_many_effects_as_commands(campus: Campus) -> None:
    async with asyncio.TaskGroup() as sent:
        for _ in range(AT_ONCE):
            sent.create_task(unclaimed(campus))

    assert (await effects(campus)).events == AT_ONCE


async def test_a_key_is_forgotten_after_a_day_and_not_before(campus: Campus) -> None:
    await complete(campus, 3, "old")
    await campus.pool.execute(
        "UPDATE command_keys SET at = now() - interval '25 hours' WHERE tenant_id = $1",
        campus.tenant,
    )
    await complete(campus, 5, "new")

    async with campus.pool.acquire() as connection:
        await idempotency.forget_old(connection)

    assert len(await campus.rows("command_keys")) == 1
    assert await complete(campus, 6, "new") == KEY_REUSED


async def test_a_command_without_a_key_is_refused(campus: Campus) -> None:
    reply = await post(campus, headers_of(campus.asking().viewer), b'{"lesson": 3}')

    assert reply.status_code == 400
    assert await effects(campus) == NONE


@pytest.mark.parametrize("body", [b"", b"[]", b'{"lesson": "3"}', b'{"lesson": 1e30}'])
async def test_what_is_no_command_is_refused(campus: Campus, body: bytes) -> None:
    headers = headers_of(campus.asking().viewer) | {IDEMPOTENCY_KEY: "key"}

    assert (await post(campus, headers, body)).status_code == 400


async def test_who_does_not_say_who_they_are_is_refused(campus: Campus) -> None:
    assert (await post(campus, {IDEMPOTENCY_KEY: "key"}, b'{"lesson": 3}')).status_code == 401


async def test_a_command_that_waits_too_long_for_another_may_come_again(campus: Campus) -> None:
    async with campus.pool.acquire() as connection, connection.transaction():
        stream = f"completions/{campus.tenant}/{BIOLOGY}/{LEARNER}"
        await connection.execute("INSERT INTO streams VALUES ($1, 0)", stream)

        refused = await complete(campus, 3, "key")

    assert isinstance(refused, Refused)
    assert (refused.code, refused.retryable) == (ErrorCode.UPSTREAM_UNAVAILABLE, True)
    assert isinstance(await complete(campus, 3, "key"), LessonCompleted)


async def post(campus: Campus, headers: dict[str, str], body: bytes) -> httpx.Response:
    async with httpx.AsyncClient(base_url=campus.url, trust_env=False) as browser:
        return await browser.post(COMPLETE_LESSON.path, content=body, headers=headers)
