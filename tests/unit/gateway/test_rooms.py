"""A process serves requests, what stays open, or both; and says so of the rest."""

from dataclasses import replace
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from gateway.transport.rooms import Rooms
from services.kit.serves import Serves
from tests.fakes.tenant import course_id
from tests.unit.gateway.test_http import ASK, Door, code
from tests.unit.gateway.test_websocket import PROTOCOL, heard, say
from tests.unit.gateway.test_websocket import Door as Sockets

UPDATES = f'subscription {{ progressUpdated(courseId: "{course_id("acme")}") {{ completed }} }}'
NOT_HERE = (404, "NOT_SERVED_HERE")


def door_of(home: Path, serves: Serves) -> Door:
    made = Door(home)
    made.endpoint = replace(made.endpoint, rooms=Rooms.of(serves))
    return made


def sockets_of(home: Path, serves: Serves) -> Sockets:
    made = Sockets(home)
    made.endpoint = replace(made.endpoint, rooms=Rooms.of(serves))
    return made


async def test_where_sockets_are_served_alone_queries_over_http_are_refused(tmp_path: Path) -> None:
    door = door_of(tmp_path, Serves.REALTIME)

    refused = await door.post({"query": ASK})

    assert (refused.status_code, code(refused)) == NOT_HERE
    assert door.platform.calls.total() == 0


async def test_where_requests_are_served_alone_streams_are_refused(tmp_path: Path) -> None:
    door = door_of(tmp_path, Serves.HTTP)

    refused = await door.post({"query": UPDATES}, accept="text/event-stream")
    answered = await door.post({"query": ASK})

    assert (refused.status_code, code(refused)) == NOT_HERE
    assert answered.status_code == 200


async def test_where_requests_are_served_alone_no_socket_is_accepted(tmp_path: Path) -> None:
    sockets = sockets_of(tmp_path, Serves.HTTP)
    async with sockets.opened():
        with pytest.raises(InvalidStatus) as refused:
            async with connect(sockets.url, subprotocols=[PROTOCOL]):
                pass

    assert refused.value.response.status_code == 404
    assert b"NOT_SERVED_HERE" in refused.value.response.body


async def test_sockets_have_queries_with_them(tmp_path: Path) -> None:
    sockets = sockets_of(tmp_path, Serves.REALTIME)
    async with sockets.opened(), sockets.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": ASK})

        assert (await heard(socket))["payload"]["data"]


async def test_a_process_that_leaves_accepts_no_socket(tmp_path: Path) -> None:
    sockets = Sockets(tmp_path)
    async with sockets.opened():
        await sockets.endpoint.departures.spread(0.0)
        with pytest.raises(InvalidStatus) as refused:
            async with connect(sockets.url, subprotocols=[PROTOCOL]):
                pass

    assert refused.value.response.status_code == 503


async def test_a_socket_that_leaves_is_told_how_to_come_back(tmp_path: Path) -> None:
    sockets = Sockets(tmp_path)
    async with sockets.opened(), sockets.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})
        await heard(socket)
        await sockets.endpoint.departures.spread(0.0)
        await socket.wait_closed()

    assert socket.close_code == 1012
    assert socket.close_reason == '{"resume":"after","waitMs":0}'
