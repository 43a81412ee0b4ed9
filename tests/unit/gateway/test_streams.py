"""Answers over HTTP in parts: events, what is deferred, and what ends either."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from gateway.identity.token import BadToken
from gateway.transport import sse, streamed
from gateway.transport.badge import Badge
from gateway.transport.bounds import Bounds
from gateway.transport.streamed import Streamed
from resolvers.context import Context
from tests.fakes.sources import FakePeople
from tests.fakes.tenant import LEARNER, course_id, lesson_id
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.unit.gateway.test_http import Door, code, door

__all__ = ["door"]

TOPIC = f"progress:acme:1:{LEARNER}"
UPDATES = f'subscription {{ progressUpdated(courseId: "{course_id("acme")}") {{ completed }} }}'
DEFERRED = "{ viewer { id ... @defer { name } } }"
EVENTS = {"accept": "text/event-stream"}
PARTS = {"accept": "multipart/mixed;incrementalSpec=v0.2, application/json"}
COMPLETE = {"event": "complete", "data": ""}


def events(text: str) -> list[dict[str, str]]:
    """Those of a stream, without its comments."""
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def parts(answer: httpx.Response) -> list[dict[str, Any]]:
    """As a client of multipart/mixed reads them."""
    assert answer.headers["content-type"] == 'multipart/mixed; boundary="-"; incrementalSpec=v0.2'
    before, *between, end = answer.text.split("\r\n---")
    assert (before, end) == ("", "--\r\n")
    read = [part.split("\r\n\r\n", 1) for part in between]
    assert {head for head, _ in read} == {"\r\ncontent-type: application/json; charset=utf-8"}
    return [json.loads(body) for _, body in read]


@pytest.fixture
async def far(tmp_path: Path) -> AsyncIterator[tuple[Door, httpx.AsyncClient]]:
    """A door on a real socket, and a client who is signed in."""
    door = Door(tmp_path)
    headers = {"authorization": f"Bearer {door.token}", **EVENTS}
    async with serving(door.app) as url, httpx.AsyncClient(base_url=url, headers=headers) as client:
        yield door, client


async def test_a_query_is_answered_by_an_event(door: Door) -> None:
    answer = await door.post({"query": "{ viewer { name } }"}, **EVENTS)

    first, end = events(answer.text)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert json.loads(first["data"]) == {"data": {"viewer": {"name": "acme person 4"}}}
    assert (first["event"], end) == ("next", COMPLETE)


async def test_an_unsound_document_is_an_event_too(door: Door) -> None:
    answer = await door.post({"query": "{ nothing }"}, **EVENTS)

    first, end = events(answer.text)
    errors = json.loads(first["data"])["errors"]
    assert (answer.status_code, end) == (200, COMPLETE)
    assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_forged_token_opens_no_stream(door: Door) -> None:
    answer = await door.post({"query": UPDATES}, authorization="Bearer forged", **EVENTS)

    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")


async def test_a_subscription_needs_a_stream_and_a_mutation_no_get(door: Door) -> None:
    unstreamed = await door.post({"query": UPDATES})
    got = await door.client.get(
        "/graphql", params={"query": "mutation { __typename }"}, headers=EVENTS
    )

    assert (unstreamed.status_code, code(unstreamed)) == (400, "BAD_REQUEST")
    assert got.status_code == 405


async def test_events_come_as_they_happen_and_leaving_ends_them(
    far: tuple[Door, httpx.AsyncClient],
) -> None:
    door, client = far

    async def nobody_listens() -> bool:
        return door.platform.topics.listeners(TOPIC) == 0

    async with client.stream("GET", "/graphql", params={"query": UPDATES}) as answer:
        lines = answer.aiter_lines()
        first = await _data(lines)
        door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        door.platform.topics.tell(TOPIC)
        second = await _data(lines)
        assert door.platform.topics.listeners(TOPIC) == 1
    await until(nobody_listens)

    completed = [one["data"]["progressUpdated"]["completed"] for one in (first, second)]
    assert completed == [0, 1]


async def test_a_viewer_holds_so_many_streams_and_gets_one_again_when_one_ends(
    far: tuple[Door, httpx.AsyncClient],
) -> None:
    _, client = far
    at, ask = "/graphql", {"query": UPDATES}
    async with AsyncExitStack() as held:
        for _ in range(Bounds().sockets_a_viewer):
            await held.enter_async_context(client.stream("GET", at, params=ask))
        refused = await client.get(at, params=ask)

    async def is_room() -> bool:
        async with client.stream("GET", at, params=ask) as again:
            return again.status_code == 200

    assert (refused.status_code, code(refused)) == (429, "TOO_MANY_STREAMS")
    await until(is_room)


async def test_a_silent_stream_is_kept_alive(
    far: tuple[Door, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed, "KEEP_ALIVE_S", 0.02)
    _, client = far

    async with client.stream("POST", "/graphql", json={"query": UPDATES}) as answer:
        lines = answer.aiter_lines()
        await _data(lines)
        comments = [await anext(lines) for _ in range(5)]

    assert comments.count(":") >= 2


async def test_no_event_is_told_after_the_token_is_spent(
    far: tuple[Door, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def spent(badge: Badge) -> None:
        raise BadToken("expired")

    door, client = far
    async with client.stream("POST", "/graphql", json={"query": UPDATES}) as answer:
        lines = answer.aiter_lines()
        await _data(lines)
        monkeypatch.setattr(Badge, "check", spent)
        door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        door.platform.topics.tell(TOPIC)
        told = await _data(lines)
        rest = [line async for line in lines]

    assert "data" not in told
    assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "event: complete" in rest


async def test_a_silent_stream_ends_soon_after_its_viewer_has_signed_out(
    far: tuple[Door, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, rest = await spent_in_silence(far, monkeypatch)

    told = json.loads(rest[1].removeprefix("data: "))
    assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "event: complete" in rest


async def test_a_silent_stream_stays_open_without_a_look_at_the_token(
    far: tuple[Door, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "_farewell", lambda run: b"")

    is_over, _ = await spent_in_silence(far, monkeypatch)

    assert not is_over


async def spent_in_silence(
    far: tuple[Door, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> tuple[bool, list[str]]:
    """Whether the stream ended, and what was said on it behind the first event."""

    def spent(badge: Badge) -> None:
        raise BadToken("signed out")

    monkeypatch.setattr(streamed, "JUDGE_S", 0.02)
    rest: list[str] = []
    async with far[1].stream("POST", "/graphql", json={"query": UPDATES}) as answer:
        lines = answer.aiter_lines()
        await _data(lines)
        await anext(lines)
        monkeypatch.setattr(Badge, "check", spent)
        try:
            async with asyncio.timeout(1):
                rest += [line async for line in lines]
        except TimeoutError:
            return False, rest
    return True, rest


async def test_what_is_deferred_comes_in_a_part_of_its_own(door: Door) -> None:
    answer = await door.post({"query": DEFERRED}, **PARTS)

    first, last = parts(answer)
    assert set(first["data"]["viewer"]) == {"id"}
    assert first["pending"] == [{"id": "0", "path": ["viewer"]}]
    assert last["incremental"] == [{"id": "0", "data": {"name": "acme person 4"}}]
    assert last["completed"] == [{"id": "0"}]
    assert (first["hasNext"], last["hasNext"]) == (True, False)


async def test_what_defers_nothing_is_one_part(door: Door) -> None:
    answer = await door.post({"query": "{ viewer { name } }"}, **PARTS)

    assert parts(answer) == [{"data": {"viewer": {"name": "acme person 4"}}, "hasNext": False}]


async def test_nothing_is_deferred_for_whoever_takes_no_parts(door: Door) -> None:
    answer = await door.post({"query": DEFERRED})

    assert answer.json()["data"]["viewer"]["name"] == "acme person 4"
    assert set(answer.json()) == {"data"}


async def test_an_error_in_a_deferred_part_is_masked(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*args: Any) -> None:
        raise RuntimeError("db password=secret")

    monkeypatch.setattr(FakePeople, "me", fail)
    answer = await door.post({"query": DEFERRED}, **PARTS)

    assert "secret" not in answer.text
    [error] = parts(answer)[-1]["incremental"][0]["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["path"] == ["viewer", "name"]


async def test_an_unsound_document_has_no_parts(door: Door) -> None:
    answer = await door.post({"query": "{ nothing }"}, **PARTS)

    assert (answer.status_code, code(answer)) == (400, "GRAPHQL_VALIDATION_FAILED")


async def test_the_context_is_closed_behind_the_last_part(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    close = Context.close

    async def noted(ctx: Context) -> None:
        closed.append("closed")
        await close(ctx)

    monkeypatch.setattr(Context, "close", noted)
    await door.post({"query": DEFERRED}, **PARTS)

    assert closed == ["closed"]


async def test_a_reader_who_does_not_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed, "SEND_WAIT_S", 0.2)
    ended = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"x" * 100_000
        finally:
            ended.set()

    async def answer(request: Any) -> Streamed:
        return Streamed(endless(), "text/plain")

    async with serving(Starlette(routes=[Route("/", answer)])) as url:
        host, port = url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port), limit=1)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        async with asyncio.timeout(10):
            await ended.wait()
        writer.close()


async def test_whole_and_in_parts_are_the_same(door: Door) -> None:
    query = (
        "{ viewer { id courses { edges { node { title ... @defer { progress { total } } } } } } }"
    )
    whole = (await door.post({"query": query})).json()["data"]
    answer = await door.post({"query": query}, **PARTS)

    assert _merged(parts(answer)) == whole


def _merged(told: list[dict[str, Any]]) -> Any:
    """What a client has in the end."""
    first, *rest = told
    at = {one["id"]: one["path"] for part in told for one in part.get("pending", [])}
    for part in rest:
        for one in part.get("incremental", []):
            target = first["data"]
            for step in at[one["id"]] + one.get("subPath", []):
                target = target[step]
            target.update(one["data"])
    return first["data"]


async def _data(lines: AsyncIterator[str]) -> Any:
    async with asyncio.timeout(5):
        async for line in lines:
            if line.startswith("data: {"):
                return json.loads(line.removeprefix("data: "))
    raise AssertionError("the stream ended")
