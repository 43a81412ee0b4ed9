"""B3: two releases side by side read their own entries, or none; and heed changes of either."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec import Struct

from gateway.cache.ages import Terms
from gateway.cache.far import Claim, Far
from gateway.cache.fetched import Fetched, Found
from gateway.cache.following import Following
from gateway.cache.heard import Heard
from gateway.cache.owner import Tenant
from gateway.cache.shelf import Shelf
from services.contracts.changes import STREAM, course_tag
from services.contracts.ids import TenantId
from services.kit.clock import SystemClock
from services.kit.once import flight
from services.kit.redis import redis_of
from tests import valkey
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import add_tenant, course_id, viewer
from tests.faults.registry import n
from tests.faults.warm import Forgetful, Process
from tests.figures import Recorder
from tests.integration.monolith.waiting import until

THINGS, AT_ONCE = 40, 50
ASKED = json.dumps({"query": f'{{ course(id: "{course_id("acme")}") {{ title }} }}'}).encode()


class Before(Struct, frozen=True):
    name: str
    title: str


class After(Struct, frozen=True):
    """`title` has become `heading`, which may be missing."""

    name: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class OtherFormat:
    """What a release with other envelopes sees of Redis, and leaves there."""

    far: Forgetful

    async def get(self, name: str) -> bytes | None:
        raw = await self.far.get(name)
        return raw and (b"BNY1" if raw[:4] == b"BNY2" else b"BNY0") + raw[4:]

    async def put(self, name: str, token: str, body: bytes, lasts_s: float) -> bool:
        return await self.far.put(name, token, b"BNY2" + body[4:], lasts_s)

    async def set(self, name: str, body: bytes, lasts_s: float) -> None:
        await self.far.set(name, b"BNY2" + body[4:], lasts_s)

    async def claim(self, name: str, lasts_s: float) -> Claim:
        return await self.far.claim(name, lasts_s)

    async def release(self, name: str, token: str) -> None:
        await self.far.release(name, token)

    async def awaited(self, name: str, at_most_s: float) -> None:
        await self.far.awaited(name, at_most_s)


@dataclass
class Release:
    """One process of it, and what its source would say of a thing."""

    process: Process
    form: Any
    shelf: Shelf[Any]
    fetched: int = 0

    async def reads(self, name: str) -> bool:
        """Whether what it reads is what its source says."""
        assert self.process.cache is not None
        self.process.heard.lives()
        own = Tenant(TenantId("acme"))
        [found] = await self.process.cache.many(self.shelf, own, [name], self._fetch, 5.0)
        return isinstance(found, Found) and found.value == self._says(name)

    async def _fetch(self, names: Sequence[str]) -> list[Fetched[Any]]:
        self.fetched += len(names)
        return [Fetched(self._says(name), [course_tag("acme", 1)]) for name in names]

    def _says(self, name: str) -> Any:
        return self.form(name, f"{name} as it is")


@dataclass
class Verdict:
    reads: int = 0
    wrong: int = 0
    fetched: Counter[str] = field(default_factory=Counter)


def releases(home: Path) -> dict[str, Release]:
    platform, far, terms = FakePlatform(), Forgetful(SystemClock()), Terms(fresh_s=60)
    add_tenant(platform, "acme")
    sides = {"legacy": platform}
    made: dict[str, tuple[Far, Any]] = {
        "before": (far, Before),
        "after": (far, After),
        "other format": (OtherFormat(far), Before),
    }
    return {
        name: Release(
            Process(home, sides, seen, release=name), form, Shelf[Any]("thing", form, terms)
        )
        for name, (seen, form) in made.items()
    }


async def mixed(home: Path, reads: int) -> Verdict:
    """Each read by any release; now and then a process starts anew, with nothing of its own."""
    dice, verdict, side_by_side = Random(3), Verdict(), releases(home)

    async def read() -> bool:
        name = dice.choice(list(side_by_side))
        if dice.random() < 0.05:
            side_by_side[name].process.near.clear()
        if dice.random() < 0.1:
            status, told = await side_by_side[name].process.ask(viewer("acme"), ASKED)
            return status == 200 and b"acme course 01" in told
        return await side_by_side[name].reads(f"thing {dice.randrange(THINGS)}")

    while verdict.reads < reads:
        right = await asyncio.gather(*(read() for _ in range(AT_ONCE)))
        verdict.reads += len(right)
        verdict.wrong += right.count(False)
    verdict.fetched.update({name: one.fetched for name, one in side_by_side.items()})
    return verdict


async def test_b3_each_release_reads_its_own_entries(tmp_path: Path, figure: Recorder) -> None:
    verdict = await mixed(tmp_path, n("B3"))

    figure("B3", mixed_reads=verdict.reads, wrong=verdict.wrong)
    figure("B3", fetched=verdict.fetched.total())
    assert verdict.wrong == 0
    assert verdict.fetched["before"] + verdict.fetched["after"] < verdict.reads / 2


async def test_b3_fails_without_fingerprints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """A kind that does not say of which structs it is."""
    monkeypatch.setattr("gateway.cache.shelf._fingerprint", lambda form: "")

    verdict = await mixed(tmp_path, 500)

    figure("B3", wrong_without_fingerprints=verdict.wrong)
    assert verdict.wrong > 0


async def test_b3_an_entry_of_the_log_that_nobody_here_understands_ends_everything(
    figure: Recorder,
) -> None:
    with valkey.server() as server:
        heard, redis = Heard(SystemClock()), redis_of(server.url)
        following = Following(redis_of(server.url), heard)
        hearing = flight(following.run(), "changes")
        before = await following.tell([course_tag("acme", 1)])
        await until(lambda: heard.reaches(before, 1.0))
        assert heard.is_current(before, [course_tag("acme", 2)])

        await redis.xadd(STREAM, {"of another release": "anything"})

        async def is_ended() -> bool:
            return not heard.is_current(before, [course_tag("acme", 2)])

        await until(is_ended)
        hearing.cancel()
        await asyncio.wait([hearing])
        await following.close()
        await redis.aclose()
    figure("B3", unreadable_changes_that_ended_nothing=0)
