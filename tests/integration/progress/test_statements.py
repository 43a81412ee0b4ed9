"""However many ids are asked for at once, so many statements are made."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asyncpg.connection import LoggedQuery

from services.contracts.ids import TenantId
from services.contracts.progress_api import OfPairs, OfUsers, RosterPart
from services.contracts.question import Ids, Pairs
from services.progress.views import assessments, courses, lessons, people, progress, together
from services.progress.views.asked import Asked
from services.progress.views.together import Together
from services.storage.db import Connection
from tests.fakes.tenant import TEACHER, viewer
from tests.integration.progress.campus import Campus

ONE, MANY = [1], list(range(1, 200))
View = Callable[[Asked, Any], Awaitable[list[Any]]]
ViewOfMany = Callable[[Together, Any], Awaitable[list[Any]]]
Asks = Callable[[list[int]], Any]


def pairs(ids: list[int]) -> Pairs:
    return Pairs([(course, user) for course in ids for user in (4, 5)])


def part(ids: list[int]) -> RosterPart:
    return RosterPart(ids, 10, 0)


def pairs_of_many(ids: list[int]) -> OfPairs:
    return OfPairs([(course, user) for course in ids for user in (4, 5)])


VIEWS: list[tuple[View, Asks, int]] = [
    (people.learners, Ids, 1),
    (courses.courses, Ids, 1),
    (courses.rosters, part, 3),
    (lessons.outlines, Ids, 3),
    (lessons.completed, Ids, 1),
    (lessons.lessons, Ids, 2),
    (progress.progress, pairs, 4),
    (assessments.of_courses, Ids, 2),
    (assessments.assessments, Ids, 2),
    (assessments.items, Ids, 2),
]


@pytest.mark.parametrize(("view", "asks", "statements"), VIEWS)
async def test_a_view_makes_as_many_statements_for_one_id_as_for_many(
    campus: Campus, view: View, asks: Asks, statements: int
) -> None:
    async with campus.pool.acquire() as db:
        made = [await counted(db, campus, view, asks(ids)) for ids in (ONE, MANY)]

    assert made == [statements, statements]


OF_MANY: list[tuple[ViewOfMany, Asks]] = [
    (together.enrolments, OfUsers),
    (together.progress, pairs_of_many),
    (together.completed, pairs_of_many),
]


@pytest.mark.parametrize(("view", "asks"), OF_MANY)
async def test_what_is_each_ones_own_is_one_statement_for_one_as_for_many(
    campus: Campus, view: ViewOfMany, asks: Asks
) -> None:
    async with campus.pool.acquire() as db:
        asked = Together(db, TenantId(campus.tenant))
        made = [await noted(db, view(asked, asks(ids))) for ids in (ONE, MANY)]

    assert made == [1, 1]


async def test_a_view_that_asks_for_each_is_found_out(campus: Campus) -> None:
    async def one_by_one(asked: Asked, question: Ids) -> list[Any]:
        return [await courses.courses(asked, Ids([one])) for one in question.ids]

    async with campus.pool.acquire() as db:
        made = [await counted(db, campus, one_by_one, Ids(ids)) for ids in (ONE, MANY)]

    assert made == [1, len(MANY)]


async def counted(db: Connection, campus: Campus, view: View, question: Any) -> int:
    return await noted(db, view(Asked(db, viewer(campus.tenant, TEACHER)), question))


async def noted(db: Connection, looking: Awaitable[Any]) -> int:
    seen: list[str] = []

    def note(query: LoggedQuery) -> None:
        seen.append(query.query)

    with db.query_logger(note):
        await looking
        # A statement is noted in the loop's next round.
        await asyncio.sleep(0)
    return len(seen)
