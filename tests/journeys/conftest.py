"""The running system by either executor, and one whose carriers of events can stop alone.

There a replica of its PostgreSQL answers too, as far behind as one likes.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.kit.settings import Executor
from tests import pair
from tests.faults.own_replicas import Group, own_group
from tests.faults.watching import environ_of
from tests.stack import Stack, forget
from tests.stack import stack as run_stack

PROCFILE = """
monolith: python -m legacy.monolith
feeder: python -m legacy.feeder --only api --only relay
mirror: python -m legacy.feeder --only projector
progress: python -m services.progress --only api --only relay
projector: python -m services.progress --only projector
live_class: python -m services.live_class
assessment: python -m services.assessment
gateway: python -m gateway.main
"""


REPLICA = 1


@pytest.fixture(scope="session", params=list(Executor))
def stack(
    request: pytest.FixtureRequest, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """The system asked through a gateway that executes all in this way."""
    environ = {**environ_of(stack), "BANYAN_EXECUTOR": request.param}
    home = tmp_path_factory.mktemp("gateway")
    with pair.server(home, "gateway.main", "BANYAN_PORT", "/health/ready", environ) as server:
        yield replace(stack, gateway=server.url)


@pytest.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Group]:
    async with own_group(tmp_path_factory.mktemp("servers") / "home", 2) as made:
        yield made


@pytest.fixture(scope="session")
async def apart(servers: Group, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Two gateway processes, and nobody's tenants."""
    home: Path = tmp_path_factory.mktemp("apart") / "home"
    procfile = home.with_name("Procfile")
    procfile.write_text(PROCFILE)
    try:
        options = ("--empty", "--procfile", str(procfile))
        at = {
            "DATABASE_URL": servers.servers[0].url,
            "DATABASE_READ_URL": servers.servers[REPLICA].url,
        }
        with run_stack(home, options, BANYAN_REQUEST_BUDGET_MS="5000", **at) as running:
            yield running
    finally:
        forget(home)
