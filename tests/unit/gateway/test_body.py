"""What cannot be read gets a status and a code, by POST and by GET."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import pytest

from gateway.transport import body
from tests.unit.gateway.test_http import ASK, Door, code, door

__all__ = ["door"]


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
