"""Gateway processes with a cache over one fake platform, in this process: asked at their door."""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from msgspec import structs
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.cache.answers import Answers
from gateway.cache.counts import Layer, Read
from gateway.cache.far import Far
from gateway.cache.flights import Flights
from gateway.cache.heard import Heard
from gateway.cache.making import Making
from gateway.cache.near import MOST_BYTES, Near
from gateway.cache.reading import Cache
from gateway.cache.store import Store
from gateway.cached.courses import KeptEnrolments
from gateway.cached.reader import Reader
from gateway.cached.sources import cached
from gateway.execution.engine import Engine
from gateway.execution.recalling import Recalling
from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.token import Tokens
from gateway.operation.document import Documents
from gateway.transport.head import Incoming
from gateway.transport.http import GraphQLOverHttp
from gateway.transport.recognizing import Recognizing
from resolvers.context import Context, context_for
from resolvers.ports import Sources
from resolvers.say import Say
from resolvers.sight import Sight
from schema.contract import core_schema
from services.contracts.learning import Enrolment
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.far import FakeFar
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import FakeCourses, sources_of

TAKES_S = 0.001
Told = tuple[int, bytes]
"""A status and a body."""


class Forgetful(FakeFar):
    """One that a failover may empty."""

    def forget(self) -> None:
        self._entries.clear()
        self._leases.clear()


@dataclass
class Slow(FakeCourses):
    """Takes a while to say who takes what: so long an answer is on its way."""

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        await asyncio.sleep(TAKES_S)
        return await super().enrolments(caller)


@dataclass
class Tally:
    """What readings of whole answers came to."""

    reads: Counter[Read] = field(default_factory=Counter)

    def read(self, came_to: Read, layer: Layer, operation: str | None) -> None:
        if layer is Layer.ANSWER:
            self.reads[came_to] += 1


@dataclass
class Process:
    """Without a `far` it keeps nothing. `variant` says which of `platforms` answers a viewer,
    `turns` is another whenever that is.
    """

    home: Path
    platforms: dict[str, FakePlatform]
    far: Far | None = None
    most_bytes: int = MOST_BYTES
    release: str = "this one"
    variant: Callable[[Viewer], str] = lambda _: "legacy"
    turns: Callable[[], Hashable] = lambda: None
    near: Near = field(init=False)
    heard: Heard = field(init=False)
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.clock = SystemClock()
        self.near, self.heard = Near(self.most_bytes), Heard(self.clock)
        self.cache = cache = None if self.far is None else self._cache(self.far)
        self.sources = {side: self._sources(side, cache) for side in self.platforms}
        schema = core_schema()
        answers = Answers(cache, self.release, self.variant) if cache else None
        documents = Documents(schema)
        self.engine = Engine(schema, documents, self._context, answers=answers)
        self.issuer = DemoIssuer(self.home, "banyan-demo", "banyan")
        self.door = GraphQLOverHttp(
            engine=self.engine,
            tokens=Tokens(FixedKeys(self.issuer.jwks()), "banyan-demo", "banyan"),
            consistency=CONSISTENCY,
            clock=self.clock,
            trace_percent=0,
            offers_graphiql=False,
        )
        self.app = self._answer if answers is None else self._recognizing(answers)
        self._bearers: dict[Viewer, bytes] = {}

    async def ask(self, who: Viewer, body: bytes) -> Told:
        """As a POST with `who`'s token."""
        self.heard.lives()
        return await _told(self.app, self._bearer(who), body)

    def _bearer(self, who: Viewer) -> bytes:
        if who not in self._bearers:
            self._bearers[who] = f"Bearer {self.issuer.token_for(who, self.clock)}".encode()
        return self._bearers[who]

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.door(Incoming(scope, receive, send))
        await response(scope, receive, send)

    def _recognizing(self, answers: Answers) -> ASGIApp:
        def enrolments(who: Viewer) -> list[Enrolment] | None:
            assert self.cache is not None
            return KeptEnrolments(self.cache, self.variant(who)).of(who)

        def marks() -> Hashable:
            return self.heard.notes, self.door.tokens.marks, self.turns()

        recalling = Recalling(self.engine, answers, enrolments)
        return Recognizing(self._answer, recalling, self.door.tokens, self.clock, 0, marks)

    def _cache(self, far: Far) -> Cache:
        store = Store(self.near, self.heard, self.clock, lambda: 0.5)
        return Cache(store, Making(store, far, self.clock), Flights(), self.tally)

    def _sources(self, side: str, cache: Cache | None) -> Sources:
        platform = self.platforms[side]
        slow = replace(sources_of(platform), courses=Slow(platform))
        if cache is None:
            return slow
        return cached(slow, Reader(cache, side, 9.0, self.clock), slow.editing)

    def _context(
        self, who: Viewer | None, received_s: float | None, sight: Sight, say: Say
    ) -> Context:
        side = "legacy" if who is None else self.variant(who)
        sources = self.sources[side]
        return context_for(who, self.clock, 9.0, sources, CONSISTENCY, received_s, sight, say)


def put_off(platform: FakePlatform) -> None:
    """Its classes are to come: what has ended is kept for no time."""
    begins = SystemClock().now() + timedelta(days=1)
    for one in platform.live_classes.values():
        moved = structs.replace(one, starts_at=begins, ends_at=begins + timedelta(hours=1))
        platform.live_classes[one.id] = moved


async def _told(app: ASGIApp, bearer: bytes, body: bytes) -> Told:
    headers = [(b"authorization", bearer), (b"content-type", b"application/json")]
    headers += [(b"content-length", b"%d" % len(body))]
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("gateway", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *parts = sent
    return start["status"], b"".join(part.get("body", b"") for part in parts)
