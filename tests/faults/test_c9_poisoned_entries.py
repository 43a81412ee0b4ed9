"""C9: of an entry that was damaged in Redis nothing is served; it is counted, and replaced."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from redis.asyncio import Redis

from gateway.cache import envelope, lane
from gateway.cache.ages import Terms
from gateway.cache.counts import Read
from gateway.cache.far import Far
from gateway.cache.fetched import Fetched, Found, Outcome
from gateway.cache.key import Key, place_of
from gateway.cache.owner import Tenant
from gateway.cache.shelf import Shelf
from gateway.cache.verdict import Way
from services.contracts.ids import TenantId
from services.kit.clock import SystemClock
from tests import valkey
from tests.fakes.cached import Process
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.gateway.cache.servers import process

SHELF = Shelf[str]("thing", str, Terms(fresh_s=3_600))
OWNER = Tenant(TenantId("acme"))
SEED = 9
HUGE = 50_000_000
HUGE_EVERY = 500
MOST_S = 60.0
AT_ONCE = 50
OLD, NEW, NEWER = "old", "new", "newer"

Damage = Callable[[bytes, bytes, Random], bytes]


def flipped(body: bytes, _: bytes, chance: Random) -> bytes:
    spoilt = bytearray(body)
    for _bit in range(chance.randint(1, 8)):
        spoilt[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return bytes(spoilt) if bytes(spoilt) != body else body[1:]


def cut(body: bytes, _: bytes, chance: Random) -> bytes:
    return body[: chance.randrange(1, len(body))]


def of_another_version(body: bytes, _: bytes, chance: Random) -> bytes:
    return b"BNY%d" % chance.randint(2, 9) + body[4:]


def of_another_key(_: bytes, other: bytes, __: Random) -> bytes:
    return other


def longer(body: bytes, _: bytes, chance: Random) -> bytes:
    return body + chance.randbytes(chance.randint(1, 99))


def noise(_: bytes, __: bytes, chance: Random) -> bytes:
    return chance.randbytes(chance.randint(1, 500))


DAMAGES: Sequence[Damage] = [flipped, cut, of_another_version, of_another_key, longer, noise]


@dataclass
class Verdict:
    damaged: int = 0
    served: int = 0
    errors: int = 0
    counted: int = 0
    replaced: int = 0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes no entry out of reach."""
    monkeypatch.setattr(lane, "ANSWER_S", 5.0)
    monkeypatch.setattr(lane, "LONGEST_S", 10.0)


@pytest.fixture(scope="module")
def server() -> Iterator[valkey.Server]:
    with valkey.server() as made:
        yield made


async def test_c9_a_damaged_entry_is_a_miss_counted_and_replaced(
    server: valkey.Server, figure: Recorder
) -> None:
    verdict = await damaged_and_read(server, n("C9"))

    figure("C9", damaged=verdict.damaged, served=verdict.served, errors=verdict.errors)
    figure("C9", counted=verdict.counted, replaced=verdict.replaced)
    every = n("C9")
    assert verdict == Verdict(damaged=every, counted=every, replaced=every)


async def test_c9_fails_without_the_seal(
    server: valkey.Server, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Whoever decodes what is there serves what a flipped bit makes of it."""
    monkeypatch.setattr(envelope, "_seal_of", lambda plain: bytes(envelope.SEAL_BYTES))
    monkeypatch.setattr(sys.modules[__name__], "DAMAGES", [flipped])

    verdict = await damaged_and_read(server, 300)

    figure("C9", served_without_the_seal=verdict.served)
    assert verdict.served > 0


async def damaged_and_read(server: valkey.Server, entries: int) -> Verdict:
    verdict, chance = Verdict(), Random(SEED)
    async with process(server.url) as far, Redis(port=server.port) as redis:
        for start in range(0, entries, AT_ONCE):
            names = [f"{start + nth}" for nth in range(min(AT_ONCE, entries - start))]
            await read(far, names, OLD)
            await damage(redis, names, chance)
            judge(verdict, *await read(far, names, NEW))
            _, again = await read(far, names, NEWER)
            verdict.replaced += sum(is_of(one, NEW, Way.HIT) for one in again)
            await redis.flushall()
    return verdict


async def damage(redis: Redis, names: Sequence[str], chance: Random) -> None:
    """One in so many becomes another kind of value, one is huge."""
    bodies: list[Any] = [await redis.get(place(name)) for name in names]
    for nth, name in enumerate(names):
        if nth == 0:
            await redis.delete(place(name))
            await redis.rpush(place(name), "x")
        elif nth == 1 and int(name) % HUGE_EVERY == 1:
            await redis.set(place(name), bytes(HUGE))
        else:
            does = DAMAGES[nth % len(DAMAGES)]
            body = does(bodies[nth], bodies[nth - 1], chance)
            await redis.set(place(name), body)


async def read(far: Far, names: Sequence[str], said: str) -> tuple[Process, list[Outcome[str]]]:
    """By a process that has nothing of its own."""

    async def fetch(wanted: Sequence[str]) -> list[Fetched[str]]:
        return [Fetched(f"{said} {name}", [f"thing:{name}"]) for name in wanted]

    fresh = Process(far, SystemClock())
    told = await fresh.cache.many(SHELF, OWNER, names, fetch, MOST_S)
    # What was fetched may still be on its way to Redis.
    for task in list(fresh.flights._tasks):
        await task
    return fresh, told


def judge(verdict: Verdict, fresh: Process, told: Sequence[Outcome[str]]) -> None:
    verdict.damaged += len(told)
    verdict.counted += fresh.tally.of[Read.POISONED]
    verdict.errors += sum(not isinstance(one, Found) for one in told)
    verdict.served += sum(isinstance(one, Found) and one.way is not Way.MISS for one in told)


def is_of(one: Outcome[Any], said: str, way: Way) -> bool:
    return isinstance(one, Found) and one.way is way and str(one.value).startswith(f"{said} ")


def place(name: str) -> str:
    return f"cache:{{{place_of(Key(OWNER, SHELF.kind, name).text)}}}"
