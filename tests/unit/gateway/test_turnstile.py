"""Who sends thousands waits for themselves: others, and what is under way, go before."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.build import build
from gateway.transport.front import PATH
from gateway.transport.turnstile import A_TURN, Turnstile
from services.kit.settings import Settings

HOG, OTHER = b"Bearer hog", b"Bearer other"
MANY = 100


class Begun:
    """An application that notes who begins, and in which turn of the loop."""

    def __init__(self) -> None:
        self.order: list[bytes] = []
        self.paths: list[str] = []
        self.turns: list[int] = []
        self.turn = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.order.append(dict(scope["headers"]).get(b"authorization", b""))
        self.paths.append(scope["path"])
        self.turns.append(self.turn)

    async def count_turns(self) -> None:
        while True:
            await asyncio.sleep(0)
            self.turn += 1


@contextmanager
def counted(app: Begun) -> Iterator[None]:
    counting = asyncio.ensure_future(app.count_turns())
    yield
    counting.cancel()


async def ask(app: ASGIApp, bearer: bytes, path: str = PATH) -> None:
    scope = {"type": "http", "path": path, "headers": [(b"authorization", bearer)]}
    await app(scope, AsyncMock(), AsyncMock())


@pytest.fixture
def app() -> Begun:
    return Begun()


async def test_another_begins_before_the_rest_of_who_sends_many(app: Begun) -> None:
    assert (await order(Turnstile(app), app)).index(OTHER) == 1


async def test_without_it_they_begin_as_they_come(app: Begun) -> None:
    assert (await order(app, app)).index(OTHER) == MANY


async def order(door: ASGIApp, app: Begun) -> list[bytes]:
    await asyncio.gather(*[ask(door, HOG) for _ in range(MANY)], ask(door, OTHER))
    assert len(app.order) == MANY + 1
    return app.order


async def test_of_one_so_many_begin_in_a_turn(app: Begun) -> None:
    door = Turnstile(app)

    with counted(app):
        await asyncio.gather(*[ask(door, HOG) for _ in range(MANY)])

    assert max(app.turns.count(turn) for turn in set(app.turns)) == A_TURN


async def test_those_of_many_begin_in_the_turn_they_come_in(app: Begun) -> None:
    door = Turnstile(app)

    with counted(app):
        await asyncio.gather(*[ask(door, b"Bearer %d" % nth) for nth in range(MANY)])

    assert set(app.turns) == {0}


async def test_two_who_send_many_begin_in_turns(app: Begun) -> None:
    door = Turnstile(app)

    both = [ask(door, bearer) for bearer in (HOG, OTHER) for _ in range(MANY)]
    await asyncio.gather(*both)

    assert abs(app.order[:MANY].count(HOG) - MANY / 2) <= A_TURN


async def test_who_left_holds_nobody_up(app: Begun) -> None:
    door = Turnstile(app)
    asking = [asyncio.ensure_future(ask(door, HOG)) for _ in range(MANY)]
    await asyncio.sleep(0)

    for one in asking[1:-1]:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)

    assert len(app.order) == 2
    await ask(door, HOG)


async def test_what_is_not_graphql_waits_for_nobody(app: Begun) -> None:
    door = Turnstile(app)

    await asyncio.gather(*[ask(door, HOG) for _ in range(MANY)], ask(door, HOG, "/health/live"))

    assert app.paths.index("/health/live") == 1


async def test_it_stands_before_all_else_of_a_gateway(tmp_path: Path) -> None:
    gateway = build(Settings(home=tmp_path), "redis://127.0.0.1:1")
    read: list[bytes] = []

    async def reads(bearer: bytes) -> None:
        async def receive() -> Message:
            read.append(bearer)
            raise ConnectionError

        scope = {"type": "http", "path": PATH, "method": "POST", "query_string": b""}
        headers = [(b"authorization", bearer)]
        await gateway.app(scope | {"headers": headers}, receive, AsyncMock())

    asking = [*[reads(HOG) for _ in range(MANY)], reads(OTHER)]
    await asyncio.gather(*asking, return_exceptions=True)

    assert read.index(OTHER) == 1
    assert len(read) == MANY + 1
