"""Each contract test runs over the fake, and over the monolith behind its adapter."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest

from legacy.monolith import database
from legacy.monolith.settings import with_database
from services.kit.home import running
from tests.contract import monolith
from tests.contract.copying import copy
from tests.contract.exam_hall import exam_hall
from tests.contract.lecture_hall import lecture_hall
from tests.contract.meeting import Meeting
from tests.contract.school import school
from tests.contract.side import Side
from tests.fakes.classrooms import FakeClassrooms
from tests.fakes.hall import BEGINS
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.signing import gateway_of
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE

NUMBERS = count(1)


@pytest.fixture(params=["fake", pytest.param("monolith", marks=pytest.mark.stack)])
def its_stack(request: pytest.FixtureRequest) -> Stack | None:
    """The running system, where the side needs one."""
    if request.param == "fake":
        return None
    stack: Stack = request.getfixturevalue("stack")
    return stack


@pytest.fixture
async def side(its_stack: Stack | None) -> AsyncIterator[Side]:
    async with holding(its_stack, school) as opened:
        yield opened


@pytest.fixture
async def hall(its_stack: Stack | None) -> AsyncIterator[Side]:
    """A tenant of assessments that nobody has begun."""
    async with holding(its_stack, exam_hall) as opened:
        yield opened


@pytest.fixture
async def staffed() -> AsyncIterator[Side]:
    """Such a tenant on a side that does what staff say, as the old one does not."""
    async with holding(None, exam_hall) as opened:
        yield opened


@asynccontextmanager
async def holding(
    its_stack: Stack | None, made: Callable[[str], FakePlatform]
) -> AsyncIterator[Side]:
    """A side with what is made for a tenant of its own."""
    tenant = f"contract-{next(NUMBERS)}"
    if its_stack is None:
        yield Side(sources_of(made(tenant)), tenant, made(tenant))
        return
    db = await database.connect(with_database(its_stack.database, MONOLITH_DATABASE))
    await copy(made(tenant), tenant, db)
    await db.close()
    secret = (its_stack.home / "keys" / "legacy").read_text().strip()
    async with monolith.sources(
        running(its_stack.home).monolith, secret, signer=gateway_of(its_stack.home)
    ) as sources:
        yield Side(sources, tenant, made(tenant), is_old=True)


@pytest.fixture
def meeting() -> Meeting:
    """A class that begins now, on the fake; the service's own tests have it on the service."""
    platform = lecture_hall(tenant := f"contract-{next(NUMBERS)}", BEGINS)
    return Meeting(FakeClassrooms(platform), platform.topics, tenant)
