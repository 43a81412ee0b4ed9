"""Gateway processes of a test's own on one port, before the services of the running system."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import Kind, encode
from tests import pair
from tests.faults.moving import AT_ONCE, Subscriber
from tests.faults.proxy import Proxy
from tests.faults.watching import environ_of
from tests.learner import Someone, token
from tests.stack import Stack, await_true
from tests.system import NUMBERS

COURSE, LESSONS = 1, 2
SOCKETS_A_VIEWER = 10
STARTS_WITHIN_S = 90.0
COMPLETE = """mutation ($id: ID!, $key: ID!) {
  completeLesson(input: { lessonId: $id, key: $key }) { __typename } }"""


@dataclass
class Port:
    """One tenant's learners at one port; `first` alone answers there until `join`."""

    stack: Stack
    home: Path
    tenant: str
    learners: range
    environ: dict[str, str]
    proxy: Proxy
    first: pair.Server
    open_: ExitStack
    people: list[Someone] = field(default_factory=list)
    may_return: asyncio.Event = field(default_factory=asyncio.Event)

    async def join(self, module: str = "gateway.main") -> None:
        """A second process, which asks the monolith itself; returns once it listens."""
        own = {**self.environ, "BANYAN_LEGACY_URL": self.stack.monolith}
        port = self.first.port
        begun = pair.begun(self.home, module, "BANYAN_PORT", own, port)
        second = self.open_.enter_context(begun)
        await asyncio.to_thread(await_true, lambda: listens(second), STARTS_WITHIN_S)

    def subscribers(self, many: int) -> list[Subscriber]:
        url = self.first.url.replace("http", "ws", 1) + "/graphql"
        course = encode(Kind.COURSE, self.tenant, COURSE)
        bearers = {one: token(self.stack.home, self.tenant, one) for one in self.learners}
        of = [self.learners[nth // SOCKETS_A_VIEWER] for nth in range(many)]
        coming = asyncio.Semaphore(AT_ONCE)
        return [Subscriber(url, bearers[one], course, self.may_return, coming) for one in of]

    async def complete(self, nth: int) -> None:
        """Everybody their lesson of that number."""
        lesson = encode(Kind.LESSON, self.tenant, 2 + nth)
        for user, one in zip(self.learners, self.people, strict=True):
            done = await one.ask(COMPLETE, id=lesson, key=f"{user}-{nth}")
            assert done["completeLesson"]["__typename"] == "LessonCompleted"


@asynccontextmanager
async def one_port(
    stack: Stack,
    db: Connection,
    home: Path,
    sockets: int,
    module: str = "gateway.main",
    **settings: str,
) -> AsyncIterator[Port]:
    """Room for so many sockets; `settings` are of the processes, the first of which is slow to be
    answered by the monolith where the proxy is turned."""
    learners = range(100, 100 + -(-sockets // SOCKETS_A_VIEWER))
    tenant = await _tenant(db, learners)
    with ExitStack() as open_:
        async with Proxy("127.0.0.1", int(stack.monolith.rpartition(":")[2])) as proxy:
            environ = environ_of(stack) | {f"BANYAN_{k.upper()}": v for k, v in settings.items()}
            own = {**environ, "BANYAN_LEGACY_URL": f"http://127.0.0.1:{proxy.port}"}
            starting = pair.server(home, module, "BANYAN_PORT", "/health/ready", own)
            first = await asyncio.to_thread(open_.enter_context, starting)
            made = Port(stack, home, tenant, learners, environ, proxy, first, open_)
            made.may_return.set()
            made.people = [Someone(first.url, token(stack.home, tenant, one)) for one in learners]
            yield made
            for one in made.people:
                await one.close()


async def _tenant(db: Connection, learners: range) -> str:
    name = await seed.tenant(db, f"moving-{next(NUMBERS)}")
    modules = [("Week", [(f"Lesson {nth}", "TEXT") for nth in range(LESSONS)])]
    await seed.course(db, name, COURSE, "Biology", "", modules)
    for user in learners:
        await seed.person(db, name, user)
        await seed.enrol(db, name, COURSE, user)
    return name


def listens(server: pair.Server) -> bool:
    assert server.process.poll() is None, server.log.read_text()
    held = psutil.Process(server.process.pid).net_connections("tcp")
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == server.port for one in held)
