"""U13: who waits less is worked for less, at the upstreams too, and for who is gone nobody is."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kit.deadline import HEADER
from tests import pair
from tests.faults.receiving import Receiving, receiving
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.learner import Someone, codes, token
from tests.receiver import LATE_S, Heard, Way

NAME = "{ viewer { name } }"
TWO_STEPS = "{ viewer { courses(first: 3) { edges { node { outline { title } } } } } }"
WAITS_MS, OURS_MS = 200, 1_000
FORGED = ("999999999", "9000000000", "-1", "soon")
AT_ONCE = 40
GONE_WITHIN_MS = 50.0
# A flight that fills the cache for others goes on when the one who began it leaves.
SETTINGS = {"cache_mb": "0", "concurrency": "0", "viewer_rate": "0", "log_level": "error"}


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    with receiving(tmp_path_factory.mktemp("u13")) as made:
        yield made


@dataclass
class Client:
    """Learner 1 of a tenant that the receiver plays the monolith for."""

    url: str
    bearer: str
    receiver: Receiving

    async def sign_in(self) -> None:
        await self.receiver.be(Way.ANSWER)
        anna = Someone(self.url, self.bearer)
        await anna.ask(NAME)
        await anna.close()
        await self.receiver.heard()

    async def answer(self, http: httpx.AsyncClient, query: str, **headers: str) -> dict[str, Any]:
        said = {"authorization": f"Bearer {self.bearer}", **headers}
        body = {"query": query}
        answer = await http.post(f"{self.url}/graphql", json=body, headers=said, timeout=30)
        told: dict[str, Any] = answer.json()
        return told


@contextmanager
def client_of(receiver: Receiving, home: Path, module: str = "gateway.main") -> Iterator[Client]:
    environ = {"home": str(home), "legacy_url": receiver.url, "legacy_secret": pair.SECRET}
    named = {f"BANYAN_{name.upper()}": said for name, said in (environ | SETTINGS).items()}
    with pair.server(home, module, "BANYAN_PORT", "/health/ready", named) as gateway:
        yield Client(gateway.url, token(home, "campus", 2001), receiver)


@pytest.fixture(scope="module")
def client(receiver: Receiving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client_of(receiver, tmp_path_factory.mktemp("gateway")) as made:
        yield made


@pytest.fixture(scope="module")
def of_one_that_stays(
    receiver: Receiving, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    with client_of(receiver, tmp_path_factory.mktemp("stays"), "tests.faults.staying") as made:
        yield made


@pytest.fixture(scope="module")
def of_a_careless_one(
    receiver: Receiving, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("careless")
    with client_of(receiver, home, "tests.faults.careless_of_time") as made:
        yield made


async def heard_of(client: Client, waits_ms: str) -> tuple[list[str], list[Heard]]:
    """Codes told, and what a hung upstream was asked for clients who wait so long."""
    await client.sign_in()
    await client.receiver.be(Way.HANG)
    said: list[str] = []
    async with httpx.AsyncClient() as http:
        for _ in range(n("U13") // AT_ONCE):
            asked = [client.answer(http, NAME, **{HEADER: waits_ms}) for _ in range(AT_ONCE)]
            said += [code for told in await asyncio.gather(*asked) for code in codes(told)]
    return said, await all_ended(client.receiver)


async def all_ended(receiver: Receiving) -> list[Heard]:
    ended: list[Heard] = []

    async def are_ended() -> bool:
        heard = await receiver.heard()
        ended.extend(one for one in heard if one.ended_s is not None)
        return len(ended) > 0 and not any(one.ended_s is None for one in heard)

    await until(are_ended)
    return ended


async def test_u13_an_upstream_is_given_what_is_left(client: Client, figure: Recorder) -> None:
    said, heard = await heard_of(client, str(WAITS_MS))

    given = [one.ms_left or 0 for one in heard]
    figure("U13", clients=n("U13"), waits_ms=WAITS_MS, most_given_ms=max(given))
    assert 0 < len(heard) <= n("U13")
    assert max(given) <= WAITS_MS
    assert all(one.is_given_up for one in heard)
    assert set(said) <= {"UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"}
    assert len(said) == n("U13")


async def given_ms(client: Client, waits_ms: str) -> int:
    await client.sign_in()
    async with httpx.AsyncClient() as http:
        await client.answer(http, NAME, **{HEADER: waits_ms})
    [heard] = await client.receiver.heard()
    return heard.ms_left or 0


async def test_u13_nobody_is_given_more_than_we_give(client: Client, figure: Recorder) -> None:
    given = [await given_ms(client, said) for said in FORGED]

    figure("U13", forged=len(FORGED), most_given_to_the_forged_ms=max(given))
    assert min(given) > WAITS_MS
    assert max(given) <= OURS_MS


async def test_u13_fails_without_the_header(of_a_careless_one: Client, figure: Recorder) -> None:
    given = await given_ms(of_a_careless_one, str(WAITS_MS))

    figure("U13", given_ms_without_the_header=given)
    assert given > WAITS_MS


async def left_by(client: Client, query: str, way: Way) -> tuple[float, list[Heard]]:
    """When the last client was gone who waited for an upstream, and what that was asked."""
    await client.receiver.be(way)
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None)) as http:
        asking = [asyncio.ensure_future(client.answer(http, query)) for _ in range(AT_ONCE)]

        async def are_heard() -> bool:
            return len(await client.receiver.heard()) == AT_ONCE

        await until(are_heard)
        for one in asking:
            one.cancel()
        await asyncio.wait(asking)
        gone_s = time.monotonic()
    return gone_s, await all_ended(client.receiver)


async def rounds(client: Client) -> list[tuple[float, list[Heard]]]:
    await client.sign_in()
    return [await left_by(client, NAME, Way.HANG) for _ in range(n("U13") // AT_ONCE)]


async def test_u13_work_ends_when_the_client_is_gone(client: Client, figure: Recorder) -> None:
    told = await rounds(client)

    took_ms = [1e3 * (one.ended_s - gone_s) for gone_s, all_ in told for one in all_ if one.ended_s]
    figure("U13", clients_gone=len(took_ms), ended_after_ms=statistics.median(took_ms))
    assert len(took_ms) == n("U13") // AT_ONCE * AT_ONCE
    assert all(one.is_given_up for _, all_ in told for one in all_)
    assert statistics.median(took_ms) < GONE_WITHIN_MS


async def begun_for_who_is_gone(client: Client) -> int:
    """Each asks in two steps, and goes during the first."""
    await client.sign_in()
    gone_s, heard = await left_by(client, TWO_STEPS, Way.LATE)
    await asyncio.sleep(2 * LATE_S)
    heard += await client.receiver.heard()
    return sum(one.began_s > gone_s for one in heard)


async def test_u13_nothing_is_begun_for_who_is_gone(client: Client, figure: Recorder) -> None:
    begun = await begun_for_who_is_gone(client)

    figure("U13", begun_after_the_client_was_gone=begun)
    assert begun == 0


async def test_u13_fails_without_leaving(of_one_that_stays: Client, figure: Recorder) -> None:
    begun = await begun_for_who_is_gone(of_one_that_stays)
    gone_s, heard = await left_by(of_one_that_stays, NAME, Way.HANG)
    took_ms = statistics.median(1e3 * (one.ended_s - gone_s) for one in heard if one.ended_s)

    figure("U13", ended_after_ms_without_leaving=took_ms, begun_without_leaving=begun)
    assert took_ms > GONE_WITHIN_MS
    assert begun > 0
