"""Two gateway processes, each at an address of its own, before the running system."""

from collections.abc import Iterator

import pytest

from legacy.monolith.database import Connection
from tests import pair
from tests.faults.watching import environ_of
from tests.integration.classroom.lecture import Lecture, lecture
from tests.stack import Stack


@pytest.fixture(scope="session")
def gateways(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    home = tmp_path_factory.mktemp("gateways")
    environ = environ_of(stack)
    ready = "/health/ready"
    with (
        pair.server(home, "gateway.main", "BANYAN_PORT", ready, environ) as one,
        pair.server(home, "gateway.main", "BANYAN_PORT", ready, environ) as other,
    ):
        yield [one.url, other.url]


@pytest.fixture
async def held(stack: Stack, gateways: list[str], monolith_db: Connection) -> Lecture:
    """A class of five learners, on the service's side."""
    return await lecture(stack, monolith_db, 5)
