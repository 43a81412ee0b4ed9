"""graphql-transport-ws: one state machine, and every way out of it has its code."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from gateway.execution.engine import Engine
from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.token import Tokens
from gateway.operation.document import Documents
from gateway.transport.bounds import Bounds
from gateway.transport.crowd import Crowd
from gateway.transport.websocket import GraphQLOverWebSocket
from resolvers.context import Context, context_for
from resolvers.say import Say
from resolvers.sight import Sight
from schema.contract import core_schema
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock, SystemClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import LEARNER, NOW, add_tenant, course_id, lesson_id, viewer
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until

PROTOCOL = Subprotocol("graphql-transport-ws")
TOPIC = f"progress:acme:1:{LEARNER}"
UPDATES = (
    f'subscription {{ progressUpdated(courseId: "{course_id("acme")}") {{ completed total }} }}'
)


class Door:
    """`bounds` are those that differ; `received_s`: when each operation is said to have come."""

    def __init__(self, home: Path, **bounds: Any) -> None:
        self.url = ""
        self.platform = FakePlatform()
        self.received_s: list[float | None] = []
        self.issuer = DemoIssuer(home, "banyan-demo", "banyan")
        self.clock = FakeClock(NOW)
        self.token = self.token_of("acme")
        self.endpoint = GraphQLOverWebSocket(
            Engine(core_schema(), Documents(core_schema()), self.context),
            Tokens(FixedKeys(self.issuer.jwks()), "banyan-demo", "banyan", self.clock),
            CONSISTENCY,
            self.clock,
            origins={"https://app.example"},
            bounds=Bounds(**bounds),
            crowd=Crowd(Bounds(**bounds)),
        )
        add_tenant(self.platform, "acme")
        self.clock.advance(40.0)

    def token_of(self, tenant: str, user: str = LEARNER) -> str:
        """As it is issued now."""
        return self.issuer.token_for(viewer(tenant, user), self.clock)

    def context(
        self, who: Viewer | None, received_s: float | None, sight: Sight, say: Say
    ) -> Context:
        self.received_s.append(received_s)
        sources, clock = sources_of(self.platform), SystemClock()
        return context_for(who, clock, 5.0, sources, CONSISTENCY, received_s, sight, say)

    @asynccontextmanager
    async def opened(self, **config: Any) -> AsyncIterator[None]:
        """It answers inside the block."""
        app = Starlette(routes=[WebSocketRoute("/graphql", self.endpoint.__call__)])
        async with serving(app, **config) as url:
            self.url = url.replace("http", "ws") + "/graphql"
            yield

    @asynccontextmanager
    async def socket(self, protocol: Subprotocol = PROTOCOL) -> AsyncIterator[ClientConnection]:
        async with connect(self.url, subprotocols=[protocol]) as open_socket:
            yield open_socket

    @asynccontextmanager
    async def signed_in(self) -> AsyncIterator[ClientConnection]:
        async with self.socket() as open_socket:
            payload = {"authorization": f"Bearer {self.token}"}
            await say(open_socket, type="connection_init", payload=payload)
            assert await heard(open_socket) == {"type": "connection_ack"}
            yield open_socket


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    made = Door(tmp_path)
    async with made.opened():
        yield made


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def heard(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(5):
        message: dict[str, Any] = json.loads(await socket.recv())
        return message


async def closed(socket: ClientConnection) -> int | None:
    """The code it was closed with."""
    async with asyncio.timeout(5):
        with suppress(ConnectionClosed):
            async for _ in socket:
                pass
    return socket.close_code


async def test_a_subscription_gives_what_is_and_then_what_changed(door: Door) -> None:
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})
        first = await heard(socket)

        door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        door.platform.topics.tell(TOPIC)
        second = await heard(socket)

    assert first["payload"] == {"data": {"progressUpdated": {"completed": 0, "total": 2}}}
    assert second["payload"] == {"data": {"progressUpdated": {"completed": 1, "total": 2}}}


async def test_news_that_change_nothing_are_not_told(door: Door) -> None:
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})
        await heard(socket)

        door.platform.topics.tell(TOPIC)
        await say(socket, type="ping")

        assert await heard(socket) == {"type": "pong"}


async def test_a_subscription_ends_when_the_client_says_so_and_when_it_leaves(door: Door) -> None:
    async def nobody_listens() -> bool:
        return door.platform.topics.listeners(TOPIC) == 0

    async with door.signed_in() as socket:
        for id_ in ("1", "2"):
            await say(socket, type="subscribe", id=id_, payload={"query": UPDATES})
            await heard(socket)
        assert door.platform.topics.listeners(TOPIC) == 1
        await say(socket, type="complete", id="1")
    await until(nobody_listens)


async def test_queries_and_mutations_go_over_the_socket_too(door: Door) -> None:
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="q", payload={"query": "{ viewer { name } }"})

        answer, end = await heard(socket), await heard(socket)

    assert answer["payload"] == {"data": {"viewer": {"name": "acme person 4"}}}
    assert end == {"type": "complete", "id": "q"}
    assert door.received_s == [40.0]


async def test_a_refused_subscription_says_why_and_ends(door: Door) -> None:
    door.platform.enrolled.clear()
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})

        answer, end = await heard(socket), await heard(socket)

    assert answer["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert end == {"type": "complete", "id": "1"}


async def test_an_unsound_document_is_an_error_of_its_operation(door: Door) -> None:
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": "{ nothing }"})
        answer = await heard(socket)

        await say(socket, type="subscribe", id="1", payload={"query": "{ __typename }"})
        again = await heard(socket)

    assert (answer["type"], answer["id"]) == ("error", "1")
    assert again["type"] == "next"


async def test_without_the_subprotocol_the_socket_is_closed(door: Door) -> None:
    async with connect(door.url) as socket:
        assert await closed(socket) == 4406


async def test_who_says_nothing_is_sent_away(tmp_path: Path) -> None:
    door = Door(tmp_path, init_wait_s=0.1)

    async with door.opened(), door.socket() as socket:
        assert await closed(socket) == 4408


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}], 4401),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer forged"}}], 4403),
        ([{"type": "shout"}], 4400),
        ([{"type": "subscribe"}], 4400),
        ([["connection_init"]], 4400),
        ([{"type": "ping", "payload": {"x": "y" * 100_000}}], 1009),
    ],
)
async def test_each_fault_of_the_protocol_has_its_code(
    door: Door, messages: list[Any], code: int
) -> None:
    async with door.socket() as socket:
        for message in messages:
            await socket.send(json.dumps(message))

        assert await closed(socket) == code


async def test_a_binary_message_is_refused(door: Door) -> None:
    async with door.socket() as socket:
        await socket.send(b'{"type": "connection_init"}')

        assert await closed(socket) == 4400


async def test_two_operations_of_one_id_are_one_too_many(door: Door) -> None:
    async with door.signed_in() as socket:
        for _ in range(2):
            await say(socket, type="subscribe", id="1", payload={"query": UPDATES})

        assert await closed(socket) == 4409


async def test_a_document_goes_by_its_hash_once_it_is_known(door: Door) -> None:
    text = "{ viewer { name } }"
    hash_ = hashlib.sha256(text.encode()).hexdigest()
    named = {"query": "", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_}}}
    async with door.signed_in() as socket:
        told = []
        for payload in (named, {**named, "query": text}, named):
            await say(socket, type="subscribe", id="1", payload=payload)
            told.append(await heard(socket))
            if told[-1]["type"] == "next":
                await heard(socket)

    unknown, known, again = told
    assert unknown["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert known["payload"]["data"] == again["payload"]["data"]
