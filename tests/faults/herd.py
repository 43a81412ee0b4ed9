"""Many who ask several gateways for one page of one course at once, and what the monolith hears."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import pytest

from bench.keep_alive import Connection, post
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, encode
from tests import pair
from tests.integration.monolith.school import LEARNER, OTHER_LEARNER, TEACHER, School
from tests.learner import token
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE

SHARED = """query Herd($course: ID!) { course(id: $course) {
  title code assessments { edges { node { title } } } } }"""
OWN = "{ viewer { courses { edges { node { id } } } } }"
VIEWERS = {LEARNER: "LEARNER", OTHER_LEARNER: "LEARNER", TEACHER: "TEACHER"}
PATIENT = {"request_budget_ms": "30000", "upstream_budget_ms": "20000"}
"""What a busy machine does late shall not be given up."""
GONE = (OSError, EOFError, RuntimeError)
"""The connection ended, or what came was no answer."""


@dataclass
class Told:
    """What each of the callers was told; of `lost` nothing came, or no answer."""

    bodies: list[bytes] = field(default_factory=list)
    lost: int = 0

    @property
    def errors(self) -> int:
        return self.lost + sum(b'"errors"' in body for body in self.bodies)


@dataclass(frozen=True, slots=True)
class Herd:
    """The requests of one school's people; each caller is one of them in turn."""

    page: Sequence[bytes]
    own: Sequence[bytes]
    course: int

    @classmethod
    def of(cls, home: Path, school: School) -> "Herd":
        bearers = [token(home, school.tenant, user, role) for user, role in VIEWERS.items()]
        course = {"course": encode(Kind.COURSE, school.tenant, school.course)}
        page = [post(bearer, query=SHARED, variables=course) for bearer in bearers]
        return cls(page, [post(bearer, query=OWN) for bearer in bearers], school.course)

    async def signed_in(self, gateways: Sequence[pair.Server]) -> None:
        """What is each viewer's own is known to every process."""
        for gateway in gateways:
            told = await at_once([gateway], self.own, len(self.own), len(self.own))
            assert told.errors == 0

    async def callers(self, gateways: Sequence[pair.Server], many: int, sockets: int) -> Told:
        return await at_once(gateways, self.page, many, sockets)

    @property
    def paths(self) -> list[str]:
        """What the page shows is read there."""
        return [f"/courses/{self.course}{rest}" for rest in ("", "/assessments")]

    def calls(self, monolith: pair.Server) -> dict[str, int]:
        """By its own access log: how often it was asked for each."""
        asked = monolith.requests()
        return {path: asked.count(f"GET {path}") for path in self.paths}


async def at_once(
    gateways: Sequence[pair.Server], requests: Sequence[bytes], many: int, sockets: int
) -> Told:
    """As many as there are sockets ask at once, the others as soon as one is free."""
    told, asks = Told(), iter(list(islice(cycle(requests), many)))
    at = list(islice(cycle(gateways), sockets))
    connections = [await Connection.to(one.url.removeprefix("http://")) for one in at]
    await asyncio.gather(*(_asked(one, asks, told) for one in connections))
    told.lost += many - len(told.bodies) - told.lost
    return told


async def _asked(connection: Connection, asks: Iterator[bytes], told: Told) -> None:
    try:
        for request in asks:
            told.bodies.append(await connection.ask(request))
    except GONE:
        told.lost += 1
    finally:
        connection.writer.close()


def slow_monolith(
    home: Path, stack: Stack, call_s: float, **settings: str
) -> Iterator[pair.Server]:
    """Over the stack's database; for a fixture."""
    url = with_database(stack.database, MONOLITH_DATABASE)
    with pair.monolith(home, url, delay_ms=str(1_000 * call_s), **settings) as server:
        yield server


@contextmanager
def gateways(
    home: Path, monolith: pair.Server, redis_url: str, many: int, **settings: str
) -> Iterator[list[pair.Server]]:
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", redis_url)
        more = {**PATIENT, **settings}
        yield [stack.enter_context(pair.gateway(home, monolith.url, **more)) for _ in range(many)]


def most(calls: dict[str, int]) -> int:
    """Of the most asked path."""
    return max(calls.values())


def all_alike(bodies: Iterable[bytes]) -> bool:
    return len(set(bodies)) == 1
