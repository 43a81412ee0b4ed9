"""A monolith with a database of its own, and a fresh tenant for each test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count

import httpx
import pytest

from legacy.monolith import database
from legacy.monolith.database import Connection
from legacy.monolith.migrate import migrate
from tests.integration.monolith.school import School, school
from tests.integration.monolith.serving import Monolith, monolith

DATABASE = "banyan_test_monolith"
NUMBERS = count(1)

SignIn = Callable[[School, int], Awaitable[httpx.AsyncClient]]


@pytest.fixture(scope="session")
async def monolith_url(database_url: str) -> AsyncIterator[str]:
    """A database with the monolith's tables."""
    url = await database.create(database_url, DATABASE)
    await asyncio.to_thread(migrate, url)
    yield url
    await database.drop(database_url, DATABASE)


@pytest.fixture(scope="session")
async def old(monolith_url: str) -> AsyncIterator[Monolith]:
    """The one monolith of tests that need no other settings."""
    async with monolith(monolith_url) as running:
        yield running


@pytest.fixture
async def db(monolith_url: str) -> AsyncIterator[Connection]:
    connection = await database.connect(monolith_url)
    yield connection
    await connection.close()


@pytest.fixture
async def biology(db: Connection) -> School:
    """A tenant that no other test knows."""
    return await school(db, f"school-{next(NUMBERS)}")


@pytest.fixture
async def another(db: Connection) -> School:
    """A second tenant beside it, far away."""
    return await school(db, f"school-{next(NUMBERS)}", "America/Sao_Paulo")


@pytest.fixture
async def sign_in(old: Monolith) -> AsyncIterator[SignIn]:
    """`browser = await sign_in(school, LEARNER)`."""
    browsers: list[httpx.AsyncClient] = []

    async def sign_in(where: School, user: int) -> httpx.AsyncClient:
        browsers.append(await old.signed_in(where.tenant, user))
        return browsers[-1]

    yield sign_in
    for browser in browsers:
        await browser.aclose()
