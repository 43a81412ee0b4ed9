"""Each contract test runs over the fake, and over the monolith behind its adapter."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from legacy.monolith import database
from legacy.monolith.settings import with_database
from services.kit.home import running
from tests.contract import monolith
from tests.contract.copying import copy
from tests.contract.school import school
from tests.contract.side import Side
from tests.fakes.sources import sources_of
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
    tenant = f"contract-{next(NUMBERS)}"
    if its_stack is None:
        yield Side(sources_of(school(tenant)), tenant, school(tenant))
        return
    db = await database.connect(with_database(its_stack.database, MONOLITH_DATABASE))
    await copy(school(tenant), tenant, db)
    await db.close()
    secret = (its_stack.home / "keys" / "legacy").read_text().strip()
    async with monolith.sources(running(its_stack.home).monolith, secret) as sources:
        yield Side(sources, tenant, school(tenant))
