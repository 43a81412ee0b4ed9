"""The running system as tests see it: people who are signed in, and tenants of their own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from legacy.monolith import database
from legacy.monolith.database import Connection
from legacy.monolith.settings import with_database
from tests.integration.monolith.school import School
from tests.integration.monolith.school import school as make_school
from tests.learner import Someone, token
from tests.stack import Stack

NUMBERS = count(1)
MONOLITH_DATABASE = "banyan_monolith"


@dataclass
class System:
    stack: Stack
    signed_in: dict[tuple[str, str, str], Someone] = field(default_factory=dict)

    def someone(self, tenant: str, user: int | str, role: str = "LEARNER") -> Someone:
        """Somebody with a token, at the gateway; the same each time."""
        who = (tenant, str(user), role)
        if who not in self.signed_in:
            self.signed_in[who] = Someone(self.stack.gateway, token(self.stack.home, *who))
        return self.signed_in[who]

    async def close(self) -> None:
        for someone in self.signed_in.values():
            await someone.close()


@pytest.fixture
async def system(stack: Stack) -> AsyncIterator[System]:
    made = System(stack)
    yield made
    await made.close()


@pytest.fixture
async def monolith_db(stack: Stack) -> AsyncIterator[Connection]:
    """The running monolith's database."""
    connection = await database.connect(with_database(stack.database, MONOLITH_DATABASE))
    yield connection
    await connection.close()


@pytest.fixture
async def school(monolith_db: Connection) -> School:
    """A tenant that no other test knows."""
    return await make_school(monolith_db, f"campus-{next(NUMBERS)}")
