"""A campus behind the door of a service that takes signed calls, as a gateway asks for it."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.together.courses import CoursesTogether
from gateway.together.kinds import Kinds
from gateway.together.progress import ProgressTogether
from resolvers.ports import Sources
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import headers_of, nobody
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call
from services.kit.signed_only import SignedOnly
from services.kit.signing import CallKeys, Signer, Verifier
from services.kit.transport import HttpTransport
from services.progress.service import Addresses, service
from tests.integration.monolith.serving import serving
from tests.integration.progress.campus import NOBODY, WAITS_S, Campus
from tests.stack import Stack

KEY = b"of the tests"


@dataclass
class Door:
    """What the service is asked, counted before it answers."""

    app: ASGIApp
    asked: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked[scope["path"]] += 1
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class Joined:
    """The campus as a gateway asks for it: together."""

    campus: Campus
    door: Door
    url: str
    client: ServiceClient
    transport: HttpTransport
    kinds: Kinds

    @property
    def sources(self) -> Sources:
        own = self.campus.sources
        return replace(
            own,
            courses=CoursesTogether(own.courses, self.kinds.enrolments, self.kinds.completed),
            progress=ProgressTogether(own.progress, self.kinds.progress),
        )

    def asking(self, user: str) -> Caller:
        who = Viewer(TenantId(self.campus.tenant), UserId(user), frozenset({Role.LEARNER}))
        return self.campus.calling(who)

    async def status(self, who: Caller, path: str, body: bytes) -> int:
        """That of a signed call on behalf of `who`."""
        call = Call("progress", "POST", self.url + path, headers_of(who.viewer), body)
        reply = await self.transport.send(call, who.deadline)
        return reply.status

    def gateway(self, tenant: str | None = None) -> Caller:
        who = nobody(TenantId(tenant or self.campus.tenant))
        return Caller(who, Deadline.within(SystemClock(), WAITS_S))


@asynccontextmanager
async def signed_door(progress_url: str, stack: Stack) -> AsyncIterator[tuple[Door, str]]:
    at = Addresses(progress_url, stack.redis, NOBODY)
    verifier = Verifier(CallKeys(KEY, {}), SystemClock())
    async with service(at, SystemClock()) as made:
        door = Door(SignedOnly(made.app, verifier))
        async with serving(door) as url:
            yield door, url


@asynccontextmanager
async def joining(campus: Campus, progress_url: str, stack: Stack) -> AsyncIterator[Joined]:
    transport = HttpTransport(20, signer=Signer("gateway", KEY, SystemClock()))
    async with signed_door(progress_url, stack) as (door, url):
        client = ServiceClient(transport, "progress", url, WAITS_S)
        kinds = Kinds.of(client, SystemClock(), WAITS_S)
        own = Campus(campus.tenant, campus.pool, campus.topics, url, transport, campus.versions)
        yield Joined(own, door, url, client, transport, kinds)
        await kinds.close()
    await transport.close()
