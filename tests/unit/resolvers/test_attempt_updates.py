"""What a subscriber of one attempt is told: each change once, nothing older, nothing missed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from resolvers import attempt as answers
from resolvers.context import Context, context_for
from services.contracts.assessment import Attempt, Window
from services.contracts.errors import HIDDEN, Refused
from services.contracts.freshness import ConsistencyToken
from services.contracts.ids import AttemptId, Kind, Side, encode
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.consistency import Consistency
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import NOW, add_tenant, attempt_id, viewer

OWN = AttemptId(encode(Kind.ATTEMPT, "acme", "1-4-1", Side.SERVICE))
TOPIC = "attempt:acme:1-4-1"


@dataclass
class Source:
    """One attempt as it is by now; `reads` counts how often somebody looked."""

    now: Attempt | Refused
    reads: int = 0

    async def many(self, caller: Caller, ids: Sequence[AttemptId]) -> list[Attempt | Refused]:
        self.reads += 1
        return [self.now for _ in ids]


@dataclass
class Desk:
    """A learner who listens to their attempt."""

    platform: FakePlatform
    source: Source
    told: list[Attempt | Refused] = field(default_factory=list)
    place: answers.Told = (0, None)
    has_news: bool = False

    @property
    def ctx(self) -> Context:
        sources: Any = replace(sources_of(self.platform), attempts=self.source)  # type: ignore[arg-type]
        return context_for(viewer("acme"), FakeClock(NOW), 1.0, sources, CONSISTENCY)

    def begin(self, after: ConsistencyToken | None = None) -> answers.Told | Refused:
        return answers.begin(self.ctx, OWN, after)

    @asynccontextmanager
    async def listening(self, after: ConsistencyToken | None = None) -> AsyncIterator[None]:
        """Inside the block it has looked once; what it is told is in `told`."""
        begun = self.begin(after)
        assert not isinstance(begun, Refused)
        self.place = begun
        hearing = answers.UPDATES.listen(self.ctx, OWN, self._hear)
        await self._look()
        yield
        hearing.stop()

    def _hear(self, traceparent: str | None) -> None:
        self.has_news = True

    async def _look(self) -> None:
        self.has_news = False
        look = await answers.look(self.ctx, OWN, self.place)
        self.told += look.items
        self.place = look.told  # type: ignore[assignment]

    async def changes(self, now: Attempt | Refused) -> None:
        """The news of it arrive, and are looked after."""
        self.source.now = now
        await self.news()

    async def news(self) -> None:
        self.platform.topics.tell(TOPIC)
        assert self.has_news
        await self._look()

    def token(self, version: int) -> ConsistencyToken:
        return answers.token_of(self.ctx, at(version))


def at(version: int, seconds: int = 0) -> Attempt:
    platform = FakePlatform()
    add_tenant(platform, "acme")
    now = NOW + timedelta(seconds=seconds)
    window = Window(None, None, None, timedelta(seconds=seconds), now)
    found = platform.attempts[attempt_id("acme")]
    return structs.replace(found, id=OWN, version=version, window=window)


@pytest.fixture
def desk() -> Desk:
    platform = FakePlatform()
    add_tenant(platform, "acme")
    return Desk(platform, Source(at(3)))


async def test_one_is_told_how_it_is_and_then_what_changed(desk: Desk) -> None:
    async with desk.listening():
        await desk.changes(at(4))

    assert desk.told == [at(3), at(4)]


async def test_a_window_whose_clock_goes_on_is_no_news(desk: Desk) -> None:
    async with desk.listening():
        await desk.changes(at(3, seconds=9))

    assert desk.told == [at(3)]


async def test_an_older_answer_than_the_last_is_not_told(desk: Desk) -> None:
    async with desk.listening():
        await desk.changes(at(2))
        await desk.changes(at(5))

    assert desk.told == [at(3), at(5)]


@pytest.mark.parametrize(("seen", "told"), [(2, [at(3)]), (3, []), (4, [])])
async def test_with_a_token_nothing_is_told_that_it_has_seen(
    desk: Desk, seen: int, told: list[Attempt]
) -> None:
    async with desk.listening(desk.token(seen)):
        pass

    assert desk.told == told


async def test_with_a_token_the_next_change_is_told(desk: Desk) -> None:
    async with desk.listening(desk.token(3)):
        await desk.changes(at(4))

    assert desk.told == [at(4)]


async def test_a_token_of_another_attempt_has_seen_nothing_of_this_one(desk: Desk) -> None:
    other = CONSISTENCY.token({"assessment:attempt/acme/1-5-1": 9})

    async with desk.listening(other):
        pass

    assert desk.told == [at(3)]


async def test_a_token_that_is_not_ours_is_refused(desk: Desk) -> None:
    forged = Consistency(b"of somebody else").token({"assessment:attempt/acme/1-4-1": 1})

    assert desk.begin(forged) == answers.BAD_TOKEN
    assert desk.source.reads == 0


async def test_a_side_that_counts_no_versions_tells_what_is_different(desk: Desk) -> None:
    desk.source.now = at(0)

    async with desk.listening(desk.token(0)):
        await desk.changes(at(0, seconds=9))
        await desk.changes(structs.replace(at(0), saved_at=NOW + timedelta(minutes=5)))

    assert [item for item in desk.told if isinstance(item, Attempt)] == [
        at(0),
        structs.replace(at(0), saved_at=NOW + timedelta(minutes=5)),
    ]


async def test_whoever_stops_listening_is_forgotten(desk: Desk) -> None:
    async with desk.listening():
        assert desk.platform.topics.listeners(TOPIC) == 1

    assert desk.platform.topics.listeners(TOPIC) == 0


async def test_what_can_no_longer_be_read_is_told_as_a_refusal(desk: Desk) -> None:
    async with desk.listening():
        await desk.changes(HIDDEN)

    assert desk.told == [at(3), HIDDEN]
