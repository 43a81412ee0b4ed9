"""The stages of one request, each by the door's own function on what the stage before it gave."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graphql import parse
from starlette.requests import Request
from starlette.types import Message

from bench.catalogue import LEARNER, PAGE, VARIABLES
from bench.own_door import OwnDoor, tokens_of
from gateway.errors import payload
from gateway.operation.ask import Ask, digest
from gateway.operation.limits import excesses
from gateway.operation.measure import measure
from gateway.operation.repeats import repeats
from gateway.transport import whole
from gateway.transport.badge import Badge
from gateway.transport.body import read
from gateway.transport.head import Incoming
from gateway.transport.negotiate import GRAPHQL, chosen
from resolvers.sight import Sight

Work = Callable[[], Awaitable[object]]
EXECUTE, ALL = "execute", "all of the door"
REQUEST_ID = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Stage:
    """`when` says what is known already; `begin` makes ready, unmeasured.

    `took_ns`: the thread's own time, each time, as what others take of the core is no cost of ours.
    """

    name: str
    when: str
    work: Work
    begin: Callable[[], object] = lambda: None
    took_ns: list[int] = field(default_factory=list)

    async def run(self) -> None:
        self.begin()
        began_ns = time.thread_time_ns()
        await self.work()
        self.took_ns.append(time.thread_time_ns() - began_ns)


class Staged:
    """One request, and what each of its stages needs."""

    def __init__(self, door: OwnDoor, request: bytes) -> None:
        self._door = door
        self._engine = door.http.engine
        head, _, self._body = request.partition(b"\r\n\r\n")
        lines = (line.partition(b": ") for line in head.split(b"\r\n")[1:])
        self._headers = [(name, value) for name, _, value in lines]
        said = dict(self._headers)
        self._accept = said[b"accept"].decode()
        self._bearer = said[b"authorization"].decode()
        self._tokens = door.http.tokens
        self._ask = Ask(query=PAGE, variables=VARIABLES)
        hash_ = {"version": 1, "sha256Hash": digest(PAGE)}
        self._by_hash = Ask(variables=VARIABLES, extensions={"persistedQuery": hash_})
        self._numbers = count()
        self._node = parse(PAGE, no_location=True)
        self._request = self._new_request()

    async def prepare(self) -> None:
        """What is remembered is so before anything is measured."""
        both = Ask(query=PAGE, variables=VARIABLES, extensions=self._by_hash.extensions)
        self._operation = await self._engine.read(both, LEARNER)
        self._result = await self._executed()

    def usual(self) -> list[Stage]:
        """Of a request whose token and document are known, in its order; and it as a whole."""
        return [
            Stage("negotiate", "", self._negotiate),
            Stage("identity", "remembered", self._identity),
            Stage("read", "", self._read, self._renew),
            Stage("document", "known", self._document),
            Stage("document", "by its hash", self._document_by_hash),
            Stage("limits", "its cost", self._cost),
            Stage(EXECUTE, "sources in memory", self._executed),
            Stage("encode", "", self._encode),
            Stage(ALL, "", self._all, self._renew),
        ]

    def first(self) -> list[Stage]:
        """What is done for a token or a document that was never seen."""
        return [
            Stage("identity", "never seen", self._identity_anew, self._forget_tokens),
            Stage("document", "never seen", self._document_anew, self._change_text),
            Stage("limits", "never seen: one pass", self._measure),
        ]

    async def _negotiate(self) -> object:
        return chosen(self._accept)

    async def _identity(self) -> None:
        Badge(self._door.http.tokens).show(self._bearer)

    async def _identity_anew(self) -> None:
        Badge(self._tokens).show(self._bearer)

    def _forget_tokens(self) -> None:
        self._tokens = tokens_of(self._door.issuer)

    async def _read(self) -> object:
        return await read(self._request)

    def _renew(self) -> None:
        self._request = self._new_request()

    async def _document(self) -> object:
        return await self._found(self._ask)

    async def _document_by_hash(self) -> object:
        return await self._found(self._by_hash)

    async def _document_anew(self) -> object:
        return await self._found(self._new)

    def _change_text(self) -> None:
        text = PAGE.replace("MyCourses", f"MyCourses{next(self._numbers)}")
        self._new = Ask(query=text, variables=VARIABLES)

    async def _found(self, ask: Ask) -> object:
        asked = await self._engine.texts.of(ask)
        return self._engine.documents.read(asked.text, asked.hash)

    async def _cost(self) -> object:
        documents = self._engine.documents
        operation = documents.read(PAGE, digest(PAGE)).operation(None)
        variables = documents.variables(operation, VARIABLES)
        cost = operation.cost.of(variables.coerced) if operation.cost else 0.0
        return cost <= documents.rules.limits.budget_of(LEARNER)

    async def _measure(self) -> object:
        limits = self._engine.documents.rules.limits
        return [*excesses(measure(self._node), limits)], repeats(self._node)

    async def _executed(self) -> Any:
        received_s = self._door.http.clock.monotonic_s()
        return await self._engine.run(self._operation, LEARNER, received_s, Sight(), str)

    async def _encode(self) -> object:
        return whole.told(payload(self._result, REQUEST_ID, str), 200, GRAPHQL)

    async def _all(self) -> object:
        return await self._door.http(self._request)

    def _new_request(self) -> Request:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": self._headers,
        }
        return Incoming(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def _send(self, message: Message) -> None:
        """The door answers with a response; it is not sent."""


async def timed(door: OwnDoor, request: bytes, repetitions: int) -> Sequence[Stage]:
    """Each in turn, again and again, so that what disturbs one disturbs all.

    What is done but once comes behind: it would take the processor's caches from the others.
    """
    staged = Staged(door, request)
    await staged.prepare()
    usual, first = staged.usual(), staged.first()
    for stages in (usual, first):
        for _ in range(repetitions):
            for stage in stages:
                await stage.run()
            await asyncio.sleep(0)
    return [*usual, *first]
