"""Whatever is run is counted, by whichever door it came; what is refused is not."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.execution.engine import Engine
from gateway.operation.persisted import Persisted
from gateway.operation.texts import Texts
from gateway.operation.trusted import Trusted
from gateway.usage.client import UNNAMED, Client
from gateway.usage.counting import Place
from gateway.usage.usage import Usage
from services.kit.clock import FakeClock
from tests.fakes.tenant import LEARNER, NOW, lesson_id
from tests.fakes.usage import FakeStore
from tests.unit.gateway import test_websocket
from tests.unit.gateway.test_http import ASK, Door
from tests.unit.gateway.test_streams import EVENTS, PARTS
from tests.unit.gateway.test_texts import manifest
from tests.unit.gateway.test_websocket import UPDATES, heard, say

WEB = Client("web", "1.2")
NAMES = {"apollographql-client-name": "web", "apollographql-client-version": "1.2"}
LISTED = "{ viewer { name id } }"


class Counted:
    """What was counted by an engine, by client."""

    def __init__(self, engine: Engine) -> None:
        self._store = FakeStore()
        self._usage = Usage(self._store, FakeClock(NOW))
        self.engine = replace(engine, usage=self._usage)

    async def requests(self, client: Client, at: str = "Query.viewer") -> int:
        await self._usage.tell()
        return self._store.kept[Place(NOW.date(), client)][at]

    async def clients(self) -> set[Client]:
        await self._usage.tell()
        return {place.client for place in self._store.kept}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    made = Door(tmp_path)
    async with made.client:
        yield made


@pytest.fixture
def counted(door: Door) -> Counted:
    made = Counted(door.endpoint.engine)
    door.endpoint = replace(door.endpoint, engine=made.engine)
    return made


async def test_a_request_counts_for_the_client_that_it_names(door: Door, counted: Counted) -> None:
    await door.post({"query": ASK}, **NAMES)
    await door.client.get("/graphql", params={"query": ASK}, headers=NAMES)
    await door.post({"query": ASK}, **NAMES, **EVENTS)
    await door.post({"query": ASK}, **NAMES, **PARTS)
    await door.post({"query": ASK})

    assert await counted.requests(WEB) == await counted.requests(WEB, "Viewer.name") == 4
    assert await counted.requests(UNNAMED) == 1


async def test_a_bad_name_fails_no_request(door: Door, counted: Counted) -> None:
    answer = await door.post({"query": ASK}, **{"apollographql-client-name": "a|b" * 100})

    assert answer.json()["data"]["viewer"]["name"]
    assert await counted.clients() == {UNNAMED}


async def test_variables_count_by_what_they_name(door: Door, counted: Counted) -> None:
    query = "mutation ($i: CompleteLessonInput!) { completeLesson(input: $i) { __typename } }"
    given = {"i": {"lessonId": str(lesson_id("acme")), "key": "k"}}

    await door.post({"query": query, "variables": given}, **NAMES)

    assert await counted.requests(WEB, "CompleteLessonInput.key") == 1
    assert await counted.requests(WEB, "Mutation.completeLesson(input:)") == 1


async def test_what_is_refused_counts_nothing(door: Door, counted: Counted) -> None:
    mutation = 'mutation { completeLesson(input: {lessonId: "x", key: "k"}) { __typename } }'

    await door.post({"query": "{ nothing }"}, **NAMES)
    await door.post({"query": "{"}, **NAMES)
    await door.post({"query": ASK}, **NAMES, authorization="Bearer nonsense")
    await door.client.get("/graphql", params={"query": mutation}, headers=NAMES)
    await door.post({"query": UPDATES}, **NAMES)

    assert await counted.clients() == set()


async def invented(door: Door) -> None:
    """Names that somebody sends who has not signed in."""
    del door.client.headers["authorization"]
    for number in range(3):
        names = {"apollographql-client-name": f"invented-{number}"}
        await door.post({"query": ASK}, **names)


async def test_who_has_not_signed_in_adds_no_name(door: Door, counted: Counted) -> None:
    await invented(door)

    assert await counted.clients() == {UNNAMED}


async def test_who_has_not_signed_in_adds_no_name_fails_without_the_question(
    door: Door, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "_whose", lambda self, asked, viewer, client: client)

    await invented(door)

    assert len(await counted.clients()) == 3


async def test_a_listed_document_counts_for_its_owner_where_no_client_is_named(
    door: Door, tmp_path: Path
) -> None:
    path = manifest(tmp_path / "m.json", a=LISTED)
    said = json.loads(path.read_text())
    said["operations"][0]["clientName"] = "ios"
    path.write_text(json.dumps(said))
    texts = Texts(Persisted(FakeClock(NOW)), Trusted(path))
    counted = Counted(replace(door.endpoint.engine, texts=texts))
    door.endpoint = replace(door.endpoint, engine=counted.engine)

    await door.post({"documentId": "a"})
    await door.post({"query": LISTED})
    await door.post({"documentId": "a"}, **NAMES)
    await door.post({"query": ASK})

    assert await counted.requests(Client("ios")) == 2
    assert await counted.requests(WEB) == await counted.requests(UNNAMED) == 1


@pytest.mark.parametrize("names", [NAMES, {"clientName": "web", "clientVersion": "1.2"}])
async def test_a_socket_names_its_client_once_and_a_subscription_counts_once(
    tmp_path: Path, names: dict[str, Any]
) -> None:
    door = test_websocket.Door(tmp_path)
    counted = Counted(door.endpoint.engine)
    door.endpoint = replace(door.endpoint, engine=counted.engine)

    async with door.opened(), door.socket() as socket:
        payload = {"authorization": f"Bearer {door.token}", **names}
        await say(socket, type="connection_init", payload=payload)
        await heard(socket)
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})
        await heard(socket)
        door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        door.platform.topics.tell(f"progress:acme:1:{LEARNER}")
        await heard(socket)
        await say(socket, type="subscribe", id="2", payload={"query": ASK})
        assert (await heard(socket))["id"] == "2"

    assert await counted.clients() == {WEB}
    assert await counted.requests(WEB, "Subscription.progressUpdated") == 1
    assert await counted.requests(WEB) == 1
