"""Every way out of the door speaks the client's language, and says which it is; codes stay."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedError

from gateway.identity.issuer import DemoIssuer
from gateway.locale.tongue import Tongues
from gateway.transport.messages import Close
from gateway.transport.wire import MOST_REASON_BYTES
from services.contracts.errors import HIDDEN
from services.kit.clock import SystemClock
from tests.fakes.tenant import viewer
from tests.unit.gateway.test_http import ASK, Door
from tests.unit.gateway.test_websocket import UPDATES, say
from tests.unit.gateway.test_websocket import Door as Sockets

TONGUES = Tongues.read()
COURSES = "{ viewer { courses { totalCount } } }"
BAD_FIRST = "{ viewer { courses(first: 0) { totalCount } } }"
REASON = "`consistency` não contém um token desta plataforma: omita-o."
RENAME = """mutation { renameCourse(input: { courseId: "nonsense", title: "x", key: "k" })
  { __typename ... on Refused { code message } } }"""
ACCEPT = "accept-language"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    made = Door(tmp_path)
    made.endpoint = replace(made.endpoint, tongues=TONGUES)
    async with made.client:
        yield made


def first(answer: httpx.Response) -> tuple[str, str]:
    error = answer.json()["errors"][0]
    return error["extensions"]["code"], error["message"]


async def test_a_refused_request_is_told_in_the_clients_language(door: Door) -> None:
    told = [
        await door.post([], **{ACCEPT: accepted})
        for accepted in ("en", "es-CO", "pt-BR;q=0.9, en;q=0.1", "id")
    ]

    assert {first(one)[0] for one in told} == {"BATCH_REFUSED"}
    assert len({first(one)[1] for one in told}) == 4
    assert [one.headers["content-language"] for one in told] == ["en", "es", "pt", "id"]
    assert {one.headers["vary"] for one in told} == {"accept-language"}


async def test_an_answer_without_a_sentence_names_no_language(door: Door) -> None:
    answer = await door.post({"query": ASK}, **{ACCEPT: "es"})

    assert "content-language" not in answer.headers
    assert "vary" not in answer.headers


async def test_the_tokens_language_counts_for_more_than_the_headers(
    door: Door, tmp_path: Path
) -> None:
    who = replace(viewer("acme"), locale="id-ID")
    issuer = DemoIssuer(tmp_path, "banyan-demo", "banyan")
    bearer = {"authorization": f"Bearer {issuer.token_for(who, SystemClock())}"}

    batch = await door.post([], **{ACCEPT: "es"}, **bearer)
    developers = await door.post({"query": "{ nothing }"}, **{ACCEPT: "es"}, **bearer)
    unseen = await door.post(b"", **{ACCEPT: "es", "banyan-consistency": "none"}, **bearer)

    assert batch.headers["content-language"] == unseen.headers["content-language"] == "id"
    assert developers.headers["content-language"] == "en"


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_what_a_document_must_not_be_is_told_likewise(door: Door, accept: str) -> None:
    wide = "{ " + " ".join(f"a{n}: __typename" for n in range(6)) + " }"

    answer = await door.post({"query": wide}, accept=accept, **{ACCEPT: "es"})

    assert answer.headers["content-language"] == "es"
    assert "Campos raíz del documento: 6; máximo: 5." in answer.text
    assert "MAX_ROOT_FIELDS" in answer.text


async def test_a_refusal_in_parts_is_in_the_language_that_its_head_names(door: Door) -> None:
    accept = "multipart/mixed;incrementalSpec=v0.2"

    answer = await door.post({"query": RENAME}, accept=accept, **{ACCEPT: "pt"})

    assert answer.headers["content-language"] == "pt"
    part = json.loads(answer.text.split("\r\n\r\n")[1].split("\r\n")[0])
    told: Any = part["data"]["renameCourse"]
    message = TONGUES.of(["pt"]).say(HIDDEN.message)
    assert told == {"__typename": "Refused", "code": HIDDEN.code, "message": message}


async def test_a_refused_field_and_a_refused_command_are_told_likewise(door: Door) -> None:
    """One as an error, the other as data."""
    in_spanish = {ACCEPT: "es"}
    broken = await door.post({"query": BAD_FIRST}, **in_spanish)
    refused = await door.post({"query": RENAME}, **in_spanish)

    assert first(broken) == ("INVALID", "`first` debe estar entre 1 y 100.")
    assert refused.json()["data"]["renameCourse"]["message"] == TONGUES.of(["es"]).say(
        HIDDEN.message
    )
    assert {one.headers["content-language"] for one in (broken, refused)} == {"es"}


async def test_what_is_unforeseen_is_told_likewise(door: Door) -> None:
    door.platform.people.clear()
    door.platform.courses.clear()

    answer = await door.post({"query": COURSES}, **{ACCEPT: "id"})

    assert first(answer) == ("INTERNAL", "Terjadi kesalahan yang tidak terduga.")


@pytest.fixture
async def sockets(tmp_path: Path) -> AsyncIterator[Sockets]:
    made = Sockets(tmp_path)
    made.endpoint = replace(made.endpoint, tongues=TONGUES)
    async with made.opened():
        yield made


async def reason(socket: ClientConnection) -> tuple[int, str]:
    """Why it was closed."""
    with suppress(ConnectionClosedError):
        async for _ in socket:
            pass
    return socket.close_code or 0, socket.close_reason or ""


async def test_a_socket_is_closed_with_a_reason_in_its_language(sockets: Sockets) -> None:
    async with sockets.socket() as socket:
        await say(socket, type="connection_init", payload={"locale": "pt-BR", "consistency": 7})

        assert await reason(socket) == (4400, REASON)


async def test_a_reason_that_a_client_made_too_long_is_cut(sockets: Sockets) -> None:
    async with sockets.signed_in() as socket:
        for _ in range(2):
            await say(socket, type="subscribe", id="é" * 500, payload={"query": UPDATES})
        code, told = await reason(socket)

        assert code == Close.DUPLICATE
        assert len(told.encode()) in (MOST_REASON_BYTES - 1, MOST_REASON_BYTES)
