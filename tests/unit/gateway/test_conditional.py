"""What clients may keep of answers, and how they are told that they have them already."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from gateway.cache.verdict import Verdict, Way
from gateway.operation.ask import digest
from gateway.operation.keeping import Keeping
from gateway.transport.conditional import BY_TOKEN, Condition, lines_of, tag_of
from gateway.transport.negotiate import GRAPHQL
from schema.keeping import Scope
from services.contracts.ids import Kind, encode
from services.kit import consistency
from tests.fakes.asking import CONSISTENCY
from tests.faults.door import Door

COURSE = encode(Kind.COURSE, "acme", 1)
TITLE = f'{{ course(id: "{COURSE}") {{ title }} }}'
OWN = f'{{ course(id: "{COURSE}") {{ title progress {{ ratio }} }} }}'
FOR_A_MINUTE = Keeping(60, 30, Scope.TENANT)


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


@pytest.fixture
async def client(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    async with door.client() as made:
        yield made


async def get(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.get("/graphql", params={"query": query}, headers=headers)


async def post(client: httpx.AsyncClient, query: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query})


async def test_what_may_be_kept_is_kept_by_its_viewer_alone(client: httpx.AsyncClient) -> None:
    answer = await get(client, TITLE)

    assert answer.json()["data"]["course"]["title"]
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.headers["vary"] == "authorization, accept, banyan-consistency"


async def test_what_is_ones_own_is_tagged_and_not_stored(client: httpx.AsyncClient) -> None:
    answer = await get(client, OWN)

    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", True)
    assert "vary" not in answer.headers


async def test_who_has_it_already_is_told_so_without_a_body(client: httpx.AsyncClient) -> None:
    first = await get(client, TITLE)

    again = await get(client, TITLE, **{"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]
    assert "content-type" not in again.headers
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


async def test_the_same_data_have_the_same_tag_and_others_another(
    client: httpx.AsyncClient,
) -> None:
    one, two = await get(client, OWN), await get(client, OWN)
    other = await get(client, TITLE)

    assert one.headers["etag"] == two.headers["etag"] != other.headers["etag"]
    assert tag_of(b"{}", "application/json") != tag_of(b"{}", GRAPHQL)


async def test_each_condition_is_executed_and_judged_anew(
    door: Door, client: httpx.AsyncClient
) -> None:
    tag = (await get(client, TITLE)).headers["etag"]

    for _ in range(3):
        assert (await get(client, TITLE, **{"if-none-match": tag})).status_code == 304

    assert door.executed == 4


async def test_no_tag_is_a_way_past_the_token(client: httpx.AsyncClient) -> None:
    tag = (await get(client, TITLE)).headers["etag"]
    known = {"if-none-match": tag}

    forged = await get(client, TITLE, authorization="Bearer forged", **known)
    anything = await get(client, TITLE, authorization="Bearer forged", **{"if-none-match": "*"})

    assert (forged.status_code, anything.status_code) == (401, 401)
    assert forged.headers["cache-control"] == "no-store"


async def test_whoever_may_not_see_it_is_not_told_that_it_is_unchanged(
    client: httpx.AsyncClient,
) -> None:
    tag = (await get(client, TITLE)).headers["etag"]
    del client.headers["authorization"]

    answer = await get(client, TITLE, **{"if-none-match": tag})

    assert answer.status_code == 200
    assert answer.json()["data"] == {"course": None}
    assert answer.headers["cache-control"] == "no-store"


async def test_an_answer_with_errors_is_kept_by_nobody(client: httpx.AsyncClient) -> None:
    page = 'assessments(after: "of no page") { totalCount }'
    query = f'{{ course(id: "{COURSE}") {{ title {page} }} }}'

    answer = await get(client, query, **{"if-none-match": "*"})

    assert (answer.status_code, "errors" in answer.json()) == (200, True)
    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)


async def test_nothing_is_kept_of_a_post(client: httpx.AsyncClient) -> None:
    answer = await post(client, TITLE)

    assert (answer.headers["cache-control"], "etag" in answer.headers) == ("no-store", False)


@pytest.mark.parametrize("query", ["{ nothing }", "mutation { x }", "{"])
async def test_nothing_is_kept_of_what_was_not_executed(
    client: httpx.AsyncClient, query: str
) -> None:
    assert (await get(client, query)).headers["cache-control"] == "no-store"


async def test_a_strangers_answer_is_not_kept(client: httpx.AsyncClient) -> None:
    del client.headers["authorization"]

    answer = await get(client, "{ __typename }")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


async def test_the_form_of_an_answer_counts(client: httpx.AsyncClient) -> None:
    tag = (await get(client, TITLE)).headers["etag"]

    other = await get(client, TITLE, **{"if-none-match": tag, "accept": GRAPHQL})

    assert (other.status_code, other.headers["content-type"]) == (200, GRAPHQL)


async def test_who_has_seen_more_is_told_how_far_by_what_is_not_changed_too(
    client: httpx.AsyncClient,
) -> None:
    seen = CONSISTENCY.token({"progress:acme/1": 7})
    tag = (await get(client, TITLE)).headers["etag"]

    again = await get(client, TITLE, **{"if-none-match": tag, consistency.HEADER: seen})

    assert again.status_code == 304
    assert CONSISTENCY.seen(again.headers[consistency.HEADER]) == {"progress:acme/1": 7}


@pytest.mark.parametrize(
    ("sent", "vary"),
    [
        ([(b"authorization", b"Bearer a")], b"authorization, accept, banyan-consistency"),
        ([(b"cookie", b"banyan=s")], b"authorization, cookie, accept, banyan-consistency"),
    ],
)
def test_a_cookie_counts_where_no_token_is_shown(
    sent: list[tuple[bytes, bytes]], vary: bytes
) -> None:
    request = Request({"type": "http", "method": "GET", "headers": sent})

    condition = Condition.of(request)

    assert condition is not None
    assert condition.vary == vary


@pytest.mark.parametrize(
    ("has", "knows"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", W/"a" ,"c"', True),
        ("*", True),
        ("", False),
        ('"b"', False),
        ("a", False),
        ('"a', False),
        ('*, "b"', False),
        (",,", False),
    ],
)
def test_tags_are_compared_weakly(has: str, knows: bool) -> None:
    assert Condition(has, b"").knows('"a"') is knows


def heads(verdict: Verdict | None, keeping: Keeping = FOR_A_MINUTE) -> dict[str, str]:
    lines = [*Condition("", BY_TOKEN).lines('"a"', keeping, verdict), *lines_of(verdict)]
    return {name.decode(): value.decode() for name, value in lines}


@pytest.mark.parametrize(
    ("verdict", "status", "age", "lasts"),
    [
        (Verdict(Way.HIT, age_s=12.2, ttl_s=47.8), "banyan; hit; ttl=47", "13", 60),
        (Verdict(Way.HIT, age_s=12.2, ttl_s=20.0), "banyan; hit; ttl=20", "13", 33),
        (Verdict(Way.STALE, age_s=65.0, ttl_s=-5.0), "banyan; hit; ttl=-5", "65", 60),
        (Verdict(Way.MISS, ttl_s=54.0), "banyan; fwd=miss; ttl=54", None, 54),
        (Verdict(Way.COALESCED), "banyan; fwd=miss; collapsed", None, 60),
        (Verdict(Way.BYPASS), "banyan; fwd=bypass", None, 60),
    ],
)
def test_a_client_is_told_what_the_cache_had_and_how_old_it_is(
    verdict: Verdict, status: str, age: str | None, lasts: int
) -> None:
    said = heads(verdict)

    assert (said["cache-status"], said.get("age")) == (status, age)
    assert said["cache-control"] == f"private, max-age={lasts}"


def test_what_was_cached_is_kept_by_a_client_no_longer_than_by_the_cache() -> None:
    for tenths in range(700):
        age_s, ttl_s = tenths / 10, 60 - tenths / 10
        said = heads(Verdict(Way.HIT, age_s, ttl_s))

        left_s = int(said["cache-control"].rpartition("=")[2]) - int(said["age"])
        assert left_s <= max(0, ttl_s)


def test_without_a_cache_nothing_is_said_of_one() -> None:
    assert set(heads(None)) == {"etag", "cache-control", "vary"}
    assert heads(Verdict(Way.HIT, 1.0, 2.0), Keeping(0, 0, Scope.PRIVATE))["cache-control"] == (
        "no-store"
    )


async def test_a_persisted_query_is_kept_as_any_other(client: httpx.AsyncClient) -> None:
    named = {"persistedQuery": {"version": 1, "sha256Hash": digest(TITLE)}}
    await client.post("/graphql", json={"query": TITLE, "extensions": named})

    answer = await client.get("/graphql", params={"extensions": json.dumps(named)})

    assert answer.headers["cache-control"] == "private, max-age=60"
    again = {"if-none-match": answer.headers["etag"]}
    known = await client.get("/graphql", params={"extensions": json.dumps(named)}, headers=again)
    assert known.status_code == 304
