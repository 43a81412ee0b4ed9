"""GraphQL over HTTP: what is asked well is answered, anything else gets a status and a code."""

import asyncio
import gc
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.execution.engine import Engine
from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.token import Tokens
from gateway.operation.ask import Ask
from gateway.operation.document import Documents
from gateway.transport import body
from gateway.transport.http import MOST_UPLOAD_S, GraphQLOverHttp
from gateway.transport.negotiate import GRAPHQL
from resolvers.context import Context, context_for
from resolvers.sight import Sight
from schema.contract import core_schema
from services.contracts.assessment_api import WAITED
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock, SystemClock
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, add_tenant, viewer

ASK = "{ viewer { name } }"


class Door:
    """The door over a fake platform, and a client who is signed in."""

    def __init__(self, home: Path, *, offers_graphiql: bool = True) -> None:
        self.platform = FakePlatform()
        self.clock = FakeClock(NOW)
        self.received_s: list[float | None] = []
        self.hosts: set[str] = set()
        add_tenant(self.platform, "acme")
        issuer = DemoIssuer(home, "banyan-demo", "banyan")
        self.token = issuer.token_for(viewer("acme"), SystemClock())
        self.endpoint = GraphQLOverHttp(
            engine=Engine(core_schema(), Documents(core_schema()), self.context),
            tokens=Tokens(FixedKeys(issuer.jwks()), "banyan-demo", "banyan"),
            consistency=CONSISTENCY,
            clock=self.clock,
            trace_percent=0,
            offers_graphiql=offers_graphiql,
        )
        route = Route("/graphql", self.answer, methods=["GET", "POST"])
        self.app = Starlette(routes=[route])
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://gateway",
            headers={"authorization": f"Bearer {self.token}"},
        )

    async def answer(self, request: Request) -> Response:
        self.hosts.add(request.client.host if request.client else "")
        return await self.endpoint(request)

    def context(self, who: Viewer | None, received_s: float | None, sight: Sight) -> Context:
        self.received_s.append(received_s)
        sources = sources_of(self.platform)
        return context_for(who, SystemClock(), 5.0, sources, CONSISTENCY, received_s, sight)

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content-type": "application/json", **headers}
        return await self.client.post("/graphql", content=content, headers=headers)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    made = Door(tmp_path)
    async with made.client:
        yield made


def code(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


async def test_a_query_is_answered_by_post_and_by_get(door: Door) -> None:
    posted = await door.post({"query": ASK})
    got = await door.client.get("/graphql", params={"query": ASK})

    assert posted.json() == got.json() == {"data": {"viewer": {"name": "acme person 4"}}}
    assert posted.headers["content-type"] == "application/json"
    assert posted.headers["cache-control"] == "no-store"


async def test_variables_and_the_operations_name_count(door: Door) -> None:
    query = (
        "query A { __typename } query B($n: Int) { viewer { courses(first: $n) { totalCount } } }"
    )
    body = {"query": query, "operationName": "B", "variables": {"n": 1}}

    answer = await door.post(body)

    assert answer.json() == {"data": {"viewer": {"courses": {"totalCount": 1}}}}


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "BAD_REQUEST"),
        (b"null", 400, "BAD_REQUEST"),
        (b"[]", 400, "BATCH_REFUSED"),
        (b'[{"query": "{ __typename }"}]', 400, "BATCH_REFUSED"),
        (b'{"query": "{ __typename }", "query": "{ viewer { id } }"}', 400, "BAD_REQUEST"),
        (b'{"query": 5}', 400, "BAD_REQUEST"),
        (b'{"variables": {}}', 400, "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": []}', 400, "BAD_REQUEST"),
        (b'{"query": "\xff"}', 400, "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": ' + b"[" * 40_000, 400, "BAD_REQUEST"),
        (
            b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 9_000 + b"}",
            400,
            "BAD_REQUEST",
        ),
        (b'{"query": "' + b"x" * 100_001 + b'"}', 413, "TOO_LARGE"),
        (b'{"query": "{"}', 200, "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ nothing }"}', 200, "GRAPHQL_VALIDATION_FAILED"),
        (
            b'{"query": "query($f: DateTime!) { viewer { agenda(from: $f, to: $f) { id } } }",'
            b' "variables": {"f": "now"}}',
            200,
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_what_cannot_be_read_gets_a_status_and_a_code(
    door: Door, body: bytes, status: int, says: str
) -> None:
    answer = await door.post(body)

    assert (answer.status_code, code(answer)) == (status, says)


async def test_clients_of_the_newer_media_type_get_its_statuses(door: Door) -> None:
    sound = await door.post({"query": ASK}, accept=GRAPHQL)
    unsound = await door.post({"query": "{"}, accept=GRAPHQL)

    assert (sound.status_code, sound.headers["content-type"]) == (200, GRAPHQL)
    assert (unsound.status_code, unsound.headers["content-type"]) == (400, GRAPHQL)


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "",
    ],
)
async def test_what_is_not_json_in_utf_8_is_refused(door: Door, media_type: str) -> None:
    body = json.dumps({"query": ASK}).encode()

    answer = await door.post(body, **{"content-type": media_type})

    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_mutation_by_get_is_refused(door: Door) -> None:
    mutation = 'mutation { completeLesson(input: {lessonId: "x", key: "k"}) { __typename } }'

    answer = await door.client.get("/graphql", params={"query": mutation})

    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"
    assert door.platform.calls.total() == 0


async def test_a_head_is_neither_a_get_nor_a_post(door: Door) -> None:
    answer = await door.client.head("/graphql", params={"query": ASK})

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_what_is_packed_is_not_unpacked(door: Door) -> None:
    answer = await door.post(gzip.compress(b"{}"), **{"content-encoding": "gzip"})

    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("query=%7B__typename%7D&variables=&operationName=", 200, ""),
        ("query=%7B__typename%7D&variables=null&else=1&else=2", 200, ""),
        ("query=%7B__typename%7D&query=%7Bviewer%7Bid%7D%7D", 400, "BAD_REQUEST"),
        ("query=%7B__typename%7D&variables=%7B", 400, "BAD_REQUEST"),
        ("query=%7B__typename%7D&variables=%5B%5D", 400, "BAD_REQUEST"),
        ("query=%ff", 400, "BAD_REQUEST"),
        ("variables=%7B%7D", 400, "BAD_REQUEST"),
        ("", 400, "BAD_REQUEST"),
        ("&".join(["a=b"] * 30), 400, "BAD_REQUEST"),
        ("query=" + "x" * 16_000, 414, "TOO_LONG"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_get_is_read_as_strictly(door: Door, address: str, status: int, says: str) -> None:
    answer = await door.client.get(f"/graphql?{address}")

    told = code(answer) if says else ""
    assert (answer.status_code, told) == (status, says)


async def test_a_body_that_takes_too_long_is_given_up(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    monkeypatch.setattr(body, "WITHIN_S", 0.1)
    headers = {"content-type": "application/json"}
    answer = await door.client.post("/graphql", content=endless(), headers=headers)

    assert (answer.status_code, code(answer)) == (408, "REQUEST_TIMEOUT")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Bearer", "Basic abc"])
async def test_a_bad_token_is_refused_before_anything_is_asked(
    door: Door, authorization: str
) -> None:
    answer = await door.post({"query": ASK}, authorization=authorization)

    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert door.platform.calls.total() == 0


async def test_an_unforeseen_error_is_masked_and_named_by_the_request(door: Door) -> None:
    door.platform.people.clear()
    door.platform.courses.clear()

    answer = await door.post({"query": "{ viewer { courses { totalCount } } }"})

    [error] = answer.json()["errors"]
    assert error["message"] == "Something went wrong."
    assert error["extensions"] == {
        "code": "INTERNAL",
        "requestId": answer.headers["x-request-id"],
    }
    assert error["path"] == ["viewer", "courses"]


async def test_what_breaks_the_door_itself_is_masked_too(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: Engine, ask: Ask, viewer: Viewer | None) -> None:
        raise RuntimeError("the password is x")

    monkeypatch.setattr(Engine, "read", broken)
    answer = await door.post({"query": ASK})

    assert (answer.status_code, code(answer)) == (500, "INTERNAL")
    assert "password" not in answer.text


async def test_requests_that_are_refused_leave_nothing_behind(door: Door) -> None:
    def held() -> int:
        gc.collect()
        return sum(isinstance(thing, Request) for thing in gc.get_objects())

    await door.post(b"null", authorization="Bearer nonsense")
    before = held()
    for _ in range(20):
        await door.post(b"null", authorization="Bearer nonsense")
        await door.post(b"null", accept="text/html")
        await door.post(b"[]")

    assert held() == before


async def test_a_request_has_an_id_of_ours(door: Door) -> None:
    answers = [await door.post({"query": ASK}, **{"x-request-id": "theirs"}) for _ in range(2)]

    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == 2
    assert {len(id_) for id_ in ids} == {16}


async def test_an_answer_says_what_it_took(door: Door) -> None:
    door.endpoint = replace(door.endpoint, tells_stages=True)

    answer = await door.post({"query": ASK})

    told = [stage.partition(";")[0] for stage in answer.headers["server-timing"].split(", ")]
    assert told == ["read", "document", "execute", "total"]


async def test_the_door_notes_when_a_request_came_in_and_believes_nobody_else(door: Door) -> None:
    door.clock.advance(40.0)

    await door.post({"query": ASK}, **{WAITED: "999999", "priority": "exam"})

    assert door.received_s == [40.0]


async def test_whoever_trickles_a_request_wins_no_time_by_it(door: Door) -> None:
    async def trickled() -> AsyncIterator[bytes]:
        yield b'{"query": '
        door.clock.advance(25.0)
        yield json.dumps(ASK).encode() + b"}"

    headers = {"content-type": "application/json"}
    answer = await door.client.post("/graphql", content=trickled(), headers=headers)

    assert answer.status_code == 200
    assert door.received_s == [25.0 - MOST_UPLOAD_S]


async def test_a_browser_gets_graphiql_in_development_only(tmp_path: Path) -> None:
    wanted = {"accept": "text/html"}

    async with Door(tmp_path).client as open_door:
        offered = await open_door.get("/graphql", headers=wanted)
    async with Door(tmp_path, offers_graphiql=False).client as closed_door:
        refused = await closed_door.get("/graphql", headers=wanted)

    assert "graphiql" in offered.text.lower()
    assert (refused.status_code, code(refused)) == (406, "NOT_ACCEPTABLE")
