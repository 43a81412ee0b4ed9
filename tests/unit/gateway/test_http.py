"""GraphQL over HTTP: what is asked well is answered, anything else gets a status and a code."""

import gc
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
from gateway.transport.http import MOST_UPLOAD_S, GraphQLOverHttp
from gateway.transport.negotiate import GRAPHQL
from resolvers.context import Context, context_for
from resolvers.say import Say
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

    def context(
        self, who: Viewer | None, received_s: float | None, sight: Sight, say: Say
    ) -> Context:
        self.received_s.append(received_s)
        sources = sources_of(self.platform)
        return context_for(who, SystemClock(), 5.0, sources, CONSISTENCY, received_s, sight, say)

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


async def test_clients_of_the_newer_media_type_get_its_statuses(door: Door) -> None:
    sound = await door.post({"query": ASK}, accept=GRAPHQL)
    unsound = await door.post({"query": "{"}, accept=GRAPHQL)

    assert (sound.status_code, sound.headers["content-type"]) == (200, GRAPHQL)
    assert (unsound.status_code, unsound.headers["content-type"]) == (400, GRAPHQL)


async def test_a_mutation_by_get_is_refused(door: Door) -> None:
    mutation = 'mutation { completeLesson(input: {lessonId: "x", key: "k"}) { __typename } }'

    answer = await door.client.get("/graphql", params={"query": mutation})

    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"
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


async def test_what_a_page_can_send_with_a_cookie_is_not_answered(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.transport.http.is_forgeable", lambda request: True)

    answer = await door.client.get("/graphql", params={"query": ASK})

    assert (answer.status_code, code(answer)) == (403, "PREFLIGHT_REQUIRED")
    assert door.received_s == []


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
    assert told == ["read", "document", "admit", "execute", "total"]


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
