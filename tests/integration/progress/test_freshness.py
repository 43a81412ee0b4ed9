"""A reader who has seen something elsewhere is told no less here, if it comes within a moment."""

import asyncio
from dataclasses import replace

import pytest

from services.contracts.completions import Way
from services.contracts.errors import Refused
from services.contracts.events import LessonsCompleted
from services.contracts.learning import LessonCompleted, Progress
from services.progress import app
from tests.contract.school import BIOLOGY
from tests.fakes.tenant import LEARNER, course_id, lesson_id
from tests.integration.progress.campus import Campus

COMES_AFTER_S = 0.03
STREAM = f"completions/{{}}/{BIOLOGY}/{LEARNER}"
DONE_ELSEWHERE = LessonsCompleted(BIOLOGY, int(LEARNER), [3])


async def read(campus: Campus, **seen: int) -> Progress:
    """`seen` are versions by source."""
    way = Way(campus.tenant, BIOLOGY, LEARNER)
    known = {f"{source}:{way.stream}": version for source, version in seen.items()}
    caller = replace(campus.asking(), seen=known)
    [found] = await campus.sources.progress.mine(caller, [course_id(campus.tenant, BIOLOGY)])
    assert not isinstance(found, Refused)
    return found


def ahead(campus: Campus) -> int:
    """The version that the next event of the other side will have."""
    return campus.versions.get(STREAM.format(campus.tenant), 0) + 1


async def arrives(campus: Campus) -> None:
    await asyncio.sleep(COMES_AFTER_S)
    await campus.happens(STREAM, DONE_ELSEWHERE)


async def test_it_waits_for_what_its_reader_has_seen(campus: Campus) -> None:
    async with asyncio.TaskGroup() as work:
        coming = work.create_task(arrives(campus))
        found = await read(campus, legacy=ahead(campus))
        has_waited = coming.done()

    assert has_waited
    assert found.completed == 2


async def test_it_does_not_wait_for_who_has_seen_nothing(campus: Campus) -> None:
    async with asyncio.TaskGroup() as work:
        work.create_task(arrives(campus))
        found = await read(campus)

    assert found.completed == 1


async def test_it_is_too_old_without_waiting(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "MOST_S", 0.0)
    async with asyncio.TaskGroup() as work:
        work.create_task(arrives(campus))
        found = await read(campus, legacy=ahead(campus))

    assert found.completed == 1


async def test_what_never_comes_is_not_claimed(campus: Campus) -> None:
    found = await read(campus, legacy=99, progress=99)

    assert found.completed == 1
    assert max(found.known.versions.values(), default=0) < 99


async def test_a_repeated_command_says_the_same_versions(campus: Campus) -> None:
    async def complete() -> LessonCompleted | Refused:
        lesson = lesson_id(campus.tenant, 3)
        return await campus.sources.completions.complete(campus.asking(), lesson, "key")

    first = await complete()
    await campus.sources.completions.complete(
        campus.asking(), lesson_id(campus.tenant, 5), "another"
    )

    assert await complete() == first


async def test_a_command_knows_what_came_from_the_other_side(campus: Campus) -> None:
    await campus.happens(STREAM, DONE_ELSEWHERE)

    done = await campus.sources.completions.complete(
        campus.asking(), lesson_id(campus.tenant, 3), "key"
    )

    way = Way(campus.tenant, BIOLOGY, LEARNER)
    assert isinstance(done, LessonCompleted)
    version = campus.versions[STREAM.format(campus.tenant)]
    assert done.known.versions == {f"legacy:{way.stream}": version, way.shown: 2}
