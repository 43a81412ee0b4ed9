"""G7: where only known documents are run, no other is: neither when the list is spoilt or gone."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from gateway.operation.ask import digest
from gateway.operation.persisted import Persisted
from gateway.operation.texts import Texts
from gateway.operation.trusted import Trusted
from services.kit.clock import FakeClock, SystemClock
from services.kit.settings import Trust
from tests.fakes.tenant import NOW
from tests.faults.door import CLOSED, Door, codes
from tests.faults.registry import n
from tests.figures import Recorder
from tests.stack import Stack
from tests.unit.gateway.test_texts import manifest, named

KNOWN = "{ viewer { id } }"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return manifest(tmp_path / "manifest.json", known=KNOWN)


def door_of(path: Path, trust: Trust) -> tuple[Door, Trusted]:
    trusted = Trusted(path)
    texts = Texts(Persisted(FakeClock(NOW)), trusted, trust)
    return Door(path.parent, CLOSED, texts), trusted


def unknown(number: int) -> list[dict[str, object]]:
    """A text that is not listed, a hash that is not, and a text under another's hash."""
    text = f"{{ a{number}: viewer {{ id }} }}"
    return [
        {"query": text},
        {"extensions": named(digest(text))},
        {"documentId": f"unknown-{number}"},
        {"query": text, "extensions": named(digest(KNOWN))},
        {"query": text, "documentId": "known"},
    ]


async def test_g7_what_is_not_listed_is_not_run(path: Path, figure: Recorder) -> None:
    door, trusted = door_of(path, Trust.ONLY)
    refused = 0

    async with door.client() as client:
        for number in range(n("G7")):
            _spoil(path, number)
            await trusted.refresh()
            for body in unknown(number):
                refused += bool(codes(await client.post("/graphql", json=body)))
        executed = door.executed
        known = await client.post("/graphql", json={"documentId": "known"})

    figure("G7", refused=refused, executed=executed)
    assert (refused, executed) == (5 * n("G7"), 0)
    assert known.json()["data"]["viewer"]


async def test_g7_fails_without_the_list(path: Path, figure: Recorder) -> None:
    door, _ = door_of(path, Trust.OFF)

    async with door.client() as client:
        for body in unknown(0):
            await client.post("/graphql", json=body)

    figure("G7", executed_without_the_list=door.executed)
    assert door.executed == 1


async def test_g7_a_hash_is_found_by_post_and_by_get(tmp_path: Path) -> None:
    door, said = Door(tmp_path), named(digest(KNOWN))
    by_get = {"extensions": str(said).replace("'", '"')}

    async with door.client() as client:
        first = await client.get("/graphql", params=by_get)
        registered = await client.post("/graphql", json={"query": KNOWN, "extensions": said})
        then = await client.get("/graphql", params=by_get)

    assert codes(first) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert first.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert then.json() == registered.json()
    assert then.json()["data"]["viewer"]


async def test_g7_what_is_refused_is_not_registered(tmp_path: Path) -> None:
    door = Door(tmp_path)
    bad = ["{", "{ nothing }", "{ viewer { " + "a: id " * 100 + "} }"]

    async with door.client() as client:
        for text in bad:
            said = named(digest(text))
            await client.post("/graphql", json={"query": text, "extensions": said})
            again = await client.post("/graphql", json={"extensions": said})
            assert codes(again) == ["PERSISTED_QUERY_NOT_FOUND"]


@pytest.mark.stack
async def test_g7_processes_share_what_is_registered(stack: Stack) -> None:
    async with Redis.from_url(stack.redis) as redis:
        one, other = Persisted(SystemClock(), redis), Persisted(SystemClock(), redis)
        await one.keep(digest(KNOWN), KNOWN)

        assert await other.find(digest(KNOWN)) == KNOWN
        assert 0 < await redis.ttl(f"document:{digest(KNOWN)}") <= 7 * 86_400


def _spoil(path: Path, number: int) -> None:
    """Another way each time: cut, emptied, of another form, gone."""
    spoilt = [b'{"format": "apollo', b"", b"[]", None][number % 4]
    if spoilt is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(spoilt + b" " * number)
