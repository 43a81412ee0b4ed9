"""How far the old side is: asked of its feeder, awaited for a moment, done without."""

from dataclasses import dataclass, field, replace

import msgspec
import pytest

from legacy.versions import SILENT_S, Versions
from services.contracts.completions import Way
from services.contracts.errors import UpstreamUnreachable
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.fakes.tenant import NOW, viewer

WAY = Way("acme", 1, 4)
STREAM = f"progress:{WAY.stream}"


@dataclass
class Feeder:
    """A transport: it has `applied` so much, more with each look; or it is away."""

    applied: list[int] = field(default_factory=lambda: [0])
    is_away: bool = False
    looks: int = 0

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        self.looks += 1
        if self.is_away:
            raise UpstreamUnreachable("it is away")
        version = self.applied.pop(0) if len(self.applied) > 1 else self.applied[0]
        return Reply(200, {}, msgspec.json.encode({STREAM: version}))


@dataclass
class Old:
    feeder: Feeder = field(default_factory=Feeder)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    def __post_init__(self) -> None:
        client = ServiceClient(self.feeder, "feeder", "http://feeder", 1.0)
        self.versions = Versions(client, self.clock)

    def caller(self, seen: int = 0) -> Caller:
        waits = Caller(viewer("acme"), Deadline.within(self.clock, 1.0))
        return replace(waits, seen={STREAM: seen} if seen else {})


@pytest.fixture
def old() -> Old:
    return Old()


async def test_what_the_caller_has_seen_is_awaited(old: Old) -> None:
    old.feeder.applied = [1, 1, 2]

    assert await old.versions.awaited(old.caller(seen=2), [WAY]) == {STREAM: 2}
    assert old.feeder.looks == 3


async def test_who_has_seen_nothing_waits_for_nothing(old: Old) -> None:
    old.feeder.applied = [1, 2]

    assert await old.versions.awaited(old.caller(), [WAY]) == {STREAM: 1}
    assert old.feeder.looks == 1


async def test_what_does_not_come_is_not_awaited_for_long(old: Old) -> None:
    assert await old.versions.awaited(old.caller(seen=9), [WAY]) == {STREAM: 0}
    assert old.feeder.looks > 1


async def test_without_its_feeder_nothing_is_known_and_nobody_waits(old: Old) -> None:
    old.feeder.is_away = True

    assert await old.versions.awaited(old.caller(seen=9), [WAY]) is None
    assert old.feeder.looks == 1


async def test_a_feeder_that_is_away_is_left_alone_for_a_while(old: Old) -> None:
    old.feeder.is_away = True
    for _ in range(10):
        await old.versions.now(old.caller(), [WAY])
    looks_at_once = old.feeder.looks

    old.clock.advance(SILENT_S)
    old.feeder.is_away = False

    assert looks_at_once == 1
    assert await old.versions.now(old.caller(), [WAY]) == {STREAM: 0}


async def test_of_nothing_nobody_is_asked(old: Old) -> None:
    assert await old.versions.now(old.caller(), []) is None
    assert old.feeder.looks == 0


async def test_whoever_has_written_asks_a_feeder_that_was_away_just_now(old: Old) -> None:
    old.feeder.is_away = True
    await old.versions.now(old.caller(), [WAY])
    old.feeder.is_away = False

    assert await old.versions.after_write(old.caller(), [WAY]) == {STREAM: 0}
