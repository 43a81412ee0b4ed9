"""GraphQL over HTTP: what is asked well is answered, anything else gets a status and a code."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.execution.engine import Engine
from gateway.identity.issuer import DemoIssuer
from gateway.identity.token import Tokens
from gateway.operation.document import Documents
from gateway.transport.http import GRAPHQL, MOST_UPLOAD_S, GraphQLOverHttp
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
        add_tenant(self.platform, "acme")
        issuer = DemoIssuer(home, "banyan-demo", "banyan")
        self.token = issuer.token_for(viewer("acme"), SystemClock())
        endpoint = GraphQLOverHttp(
            engine=Engine(core_schema(), Documents(core_schema()), self.context),
            tokens=Tokens(issuer.jwks(), "banyan-demo", "banyan"),
            consistency=CONSISTENCY,
            clock=self.clock,
            trace_percent=0,
            offers_graphiql=offers_graphiql,
        )
        app = Starlette(routes=[Route("/graphql", endpoint.__call__, methods=["GET", "POST"])])
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://gateway",
            headers={"authorization": f"Bearer {self.token}"},
        )

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
    assert len(posted.headers["x-request-id"]) == 16


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
        (b"[]", 400, "BAD_REQUEST"),
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


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_form_that_any_page_may_send_is_refused(door: Door, media_type: str) -> None:
    body = json.dumps({"query": ASK}).encode()

    answer = await door.post(body, **{"content-type": media_type})

    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_mutation_by_get_is_refused(door: Door) -> None:
    mutation = 'mutation { completeLesson(input: {lessonId: "x", key: "k"}) { __typename } }'

    answer = await door.client.get("/graphql", params={"query": mutation})

    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert door.platform.calls.total() == 0


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
    assert (refused.status_code, code(refused)) == (400, "BAD_REQUEST")
