"""A socket takes so much and no more: operations, time, and the patience of whoever writes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from gateway.admission.admission import Admission
from gateway.admission.concurrency import LEAST, Limit
from gateway.admission.rate_limit import Rates
from resolvers.context import Context
from tests.fakes.tenant import OPERATOR
from tests.integration.monolith.waiting import until
from tests.unit.gateway.test_websocket import (
    PROTOCOL,
    TOPIC,
    UPDATES,
    Door,
    closed,
    door,
    heard,
    say,
)

__all__ = ["door"]
FEW = 2


async def subscribe(socket: ClientConnection, id_: str) -> dict[str, Any]:
    await say(socket, type="subscribe", id=id_, payload={"query": UPDATES})
    return await heard(socket)


@pytest.fixture
async def narrow(tmp_path: Path) -> AsyncIterator[Door]:
    made = Door(tmp_path, operations=FEW, sockets_a_viewer=FEW, strangers_an_address=FEW)
    async with made.opened():
        yield made


async def test_one_operation_too_many_is_refused_and_the_socket_lives(narrow: Door) -> None:
    async with narrow.signed_in() as socket:
        for id_ in ("1", "2"):
            assert (await subscribe(socket, id_))["type"] == "next"
        refused = await subscribe(socket, "3")
        await say(socket, type="complete", id="1")
        again = await subscribe(socket, "3")

    assert refused["type"] == "error"
    assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
    assert again["type"] == "next"


async def test_a_viewer_has_so_many_sockets_and_gets_one_again_when_one_ends(narrow: Door) -> None:
    async with narrow.signed_in():
        async with narrow.signed_in(), narrow.socket() as third:
            payload = {"authorization": f"Bearer {narrow.token}"}
            await say(third, type="connection_init", payload=payload)
            assert await closed(third) == 1013

        await until(lambda: _holds(narrow, 1))
        async with narrow.signed_in():
            pass


async def test_another_viewer_is_not_counted_with_them(narrow: Door) -> None:
    async with narrow.signed_in(), narrow.signed_in(), narrow.socket() as other:
        payload = {"authorization": f"Bearer {narrow.token_of('acme', OPERATOR)}"}
        await say(other, type="connection_init", payload=payload)

        assert await heard(other) == {"type": "connection_ack"}


async def test_nobody_counts_by_their_address(narrow: Door) -> None:
    async with AsyncExitStack() as open_sockets:
        for _ in range(FEW):
            socket = await open_sockets.enter_async_context(narrow.socket())
            await say(socket, type="connection_init")
            await heard(socket)
        third = await open_sockets.enter_async_context(narrow.socket())
        await say(third, type="connection_init")

        assert await closed(third) == 1013


async def test_an_address_has_so_many_strangers(narrow: Door) -> None:
    async with narrow.socket(), narrow.socket():
        with pytest.raises(InvalidStatus) as refused:
            async with narrow.socket():
                pass

    assert refused.value.response.status_code == 429


async def test_who_has_said_who_they_are_is_no_stranger(narrow: Door) -> None:
    async with narrow.signed_in(), narrow.signed_in(), narrow.socket(), narrow.socket():
        assert narrow.endpoint.crowd.strangers.total == FEW


async def test_nothing_is_counted_when_all_have_left(narrow: Door) -> None:
    async with narrow.signed_in(), narrow.socket():
        pass

    await until(lambda: _holds(narrow, 0))
    assert narrow.endpoint.crowd.strangers.total == 0


async def test_a_client_that_answers_pings_stays(tmp_path: Path) -> None:
    door = Door(tmp_path, beat_s=0.02, beats_a_ping=1)

    async with door.opened(), door.signed_in() as socket:
        for _ in range(5):
            assert await heard(socket) == {"type": "ping"}
            await say(socket, type="pong")


async def test_a_client_that_answers_none_is_closed(tmp_path: Path) -> None:
    door = Door(tmp_path, beat_s=0.05, beats_a_ping=1)

    async with door.opened(), door.signed_in() as socket:
        assert await closed(socket) == 4499


async def test_a_page_of_another_origin_is_refused_and_no_other(door: Door) -> None:
    own = door.url.replace("ws://", "http://").removesuffix("/graphql")
    for origin in (own, "https://app.example", None):
        async with connect(door.url, subprotocols=[PROTOCOL], origin=origin):  # type: ignore[arg-type]
            pass
    for origin in ("https://evil.example", "null", "https://app.example.evil", "http://["):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(door.url, subprotocols=[PROTOCOL], origin=origin):  # type: ignore[arg-type]
                pass
        assert refused.value.response.status_code == 403


async def test_an_operation_that_fails_unforeseen_ends_alone(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*args: Any) -> None:
        raise RuntimeError("db password=secret")

    async with door.signed_in() as socket:
        await subscribe(socket, "1")
        monkeypatch.setattr("gateway.execution.choice.execute", fail)
        await say(socket, type="subscribe", id="2", payload={"query": "{ __typename }"})
        answer = await heard(socket)
        await say(socket, type="ping")

        assert (answer["type"], answer["id"]) == ("error", "2")
        assert answer["payload"][0]["extensions"]["code"] == "INTERNAL"
        assert "secret" not in str(answer)
        assert await heard(socket) == {"type": "pong"}


async def test_a_deferred_part_comes_with_the_rest(door: Door) -> None:
    query = "{ viewer { id ... @defer { name } } }"
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": query})

        answer = await heard(socket)

    assert answer["payload"]["data"]["viewer"]["name"] == "acme person 4"
    assert "hasNext" not in answer["payload"]


async def test_whoever_leaves_leaves_nothing_running(door: Door) -> None:
    running = len(asyncio.all_tasks())
    async with door.signed_in() as socket:
        await subscribe(socket, "1")
        assert len(asyncio.all_tasks()) > running

    await until(lambda: _has_at_most(running))
    assert door.endpoint.engine.groups.members == 0
    assert door.platform.topics.listeners(TOPIC) == 0


async def _holds(door: Door, sockets: int) -> bool:
    return door.endpoint.crowd.known.total == sockets


async def _has_at_most(tasks: int) -> bool:
    return len(asyncio.all_tasks()) <= tasks


async def test_who_asks_too_fast_is_told_so_and_the_socket_lives(tmp_path: Path) -> None:
    made = Door(tmp_path)
    rates = Rates(made.clock, viewer=5.0, tenant=0.0)
    admission = Admission(made.clock, Limit(LEAST), rates)
    engine = replace(made.endpoint.engine, admission=admission)
    made.endpoint = replace(made.endpoint, engine=engine)

    async with made.opened(), made.signed_in() as socket:
        first, second = await subscribe(socket, "1"), await subscribe(socket, "2")
        made.clock.advance(60.0)
        third = await subscribe(socket, "3")

    [error] = second["payload"]
    assert (first["type"], second["type"], third["type"]) == ("next", "error", "next")
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["advice"] == "SLOW_DOWN"
    assert error["extensions"]["retryAfterMs"] > 0
    assert admission.running == 0


class Noting(Door):
    """Notes what the tasks are called in which operations run."""

    def context(self, *given: Any) -> Context:
        self.names = [task.get_name() for task in asyncio.all_tasks()]
        return super().context(*given)


async def test_what_a_client_calls_its_operation_is_kept_once(tmp_path: Path) -> None:
    door, long = Noting(tmp_path), "x" * 20_000
    async with door.opened(), door.signed_in() as socket:
        await say(socket, type="subscribe", id=long, payload={"query": "{ viewer { name } }"})
        assert (await heard(socket))["id"] == long

    assert "operation" in door.names
    assert not any("xxx" in name for name in door.names)
