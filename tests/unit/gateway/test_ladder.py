"""Progress never goes back for who has seen more than the side that is asked, rung by rung."""

from dataclasses import dataclass, field

import pytest

from gateway.freshness.ladder import FreshProgress
from services.contracts.assessment import Source
from services.contracts.errors import Refused
from services.contracts.freshness import Freshness, Seen, merged
from services.contracts.learning import LessonCompleted, Progress
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from tests.fakes.tenant import NOW, OTHER, lesson_id, viewer
from tests.fakes.two_sides import AWAY, COURSE, TENANT, WAY, HalfSide
from tests.fakes.writes import FakeWrites


@dataclass
class Two:
    """The learner reads at the old side and writes to the new one; their token is `seen`."""

    near: HalfSide = field(default_factory=lambda: HalfSide(Source.LEGACY))
    far: HalfSide = field(default_factory=lambda: HalfSide(Source.SERVICE))
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    seen: Seen = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writes = FakeWrites(self.clock)
        self.progress = FreshProgress(self.near.sources, self.far.sources, self.writes, self.clock)

    @property
    def caller(self) -> Caller:
        return Caller(viewer(TENANT), Deadline.within(self.clock, 1.0), seen=self.seen)

    async def completes(self, number: int, *, is_kept: bool = True) -> None:
        """At the far side; the gateway may have forgotten it since."""
        done = await self.far.sources.completions.complete(
            self.caller, lesson_id(TENANT, number), f"{number}"
        )
        assert isinstance(done, LessonCompleted)
        self.seen = merged(self.seen, done.known.versions)
        if is_kept:
            await self.writes.note(WAY, done)

    async def reads(self) -> Progress:
        [found] = await self.progress.mine(self.caller, [COURSE])
        assert isinstance(found, Progress), found
        self.seen = merged(self.seen, found.seen)
        return found


@pytest.fixture
def two() -> Two:
    return Two()


def told(progress: Progress) -> tuple[int, Freshness, Source]:
    return progress.completed, progress.known.freshness, progress.known.source


async def test_what_is_current_is_read_once_and_asks_nobody_else(two: Two) -> None:
    await two.completes(1)
    two.near.hears(two.far)

    found = await two.reads()

    assert told(found) == (1, Freshness.CURRENT, Source.LEGACY)
    assert (two.near.reads, two.far.reads) == (1, 0)


async def test_without_a_token_one_is_told_what_there_is(two: Two) -> None:
    await two.completes(1)
    two.seen = {}

    assert told(await two.reads()) == (0, Freshness.CURRENT, Source.LEGACY)


async def test_ones_own_writes_are_laid_over_what_does_not_know_them(two: Two) -> None:
    await two.completes(1)
    two.clock.advance(3)
    await two.completes(2)
    two.near.hears(two.far, upto=1)
    two.clock.advance(2)

    found = await two.reads()

    assert told(found) == (2, Freshness.PENDING, Source.LEGACY)
    assert found.known.lag_ms == 2000
    assert two.far.reads == 0


async def test_a_lesson_that_is_counted_already_is_not_laid_over_again(two: Two) -> None:
    """Both sides were told of it; the reader has not heard of the other's word yet."""
    await two.near.sources.completions.complete(two.caller, lesson_id(TENANT, 1), "near")
    await two.completes(1)

    found = await two.reads()

    assert found.completed == 1
    assert found.known.freshness is not Freshness.PENDING


async def test_what_others_of_ones_devices_wrote_in_between_is_asked_of_the_writer(
    two: Two,
) -> None:
    await two.completes(1, is_kept=False)
    await two.completes(2)

    assert told(await two.reads()) == (2, Freshness.CURRENT, Source.SERVICE)


async def test_the_writer_is_asked_when_nobody_remembers_the_writes(two: Two) -> None:
    await two.completes(1, is_kept=False)

    assert told(await two.reads()) == (1, Freshness.CURRENT, Source.SERVICE)


async def test_what_either_side_counts_is_counted_when_neither_knows_all(two: Two) -> None:
    near = await two.near.sources.completions.complete(two.caller, lesson_id(TENANT, 1), "near")
    assert isinstance(near, LessonCompleted)
    two.seen = merged(two.seen, near.known.versions)
    await two.completes(2, is_kept=False)

    assert told(await two.reads()) == (2, Freshness.CURRENT, Source.LEGACY)


async def test_what_was_shown_last_is_shown_again_when_nobody_can_tell(two: Two) -> None:
    await two.completes(1, is_kept=False)
    await two.reads()
    two.far.is_away = True

    found = await two.reads()

    assert told(found) == (1, Freshness.DEGRADED, Source.LEGACY)
    assert found.seen == two.seen


async def test_a_degraded_answers_token_still_asks_for_what_was_missing(two: Two) -> None:
    await two.completes(1, is_kept=False)
    two.far.is_away = True

    degraded = await two.reads()
    two.seen, two.far.is_away = degraded.seen, False

    assert degraded.completed == 0
    assert told(await two.reads()) == (1, Freshness.CURRENT, Source.SERVICE)


async def test_a_side_that_says_no_versions_is_judged_by_what_was_shown(two: Two) -> None:
    """Its feeder is away: nobody knows how far it is."""
    await two.completes(1)
    two.near.hears(two.far)
    two.seen = {WAY.shown: 1}
    two.near.versions.clear()

    assert told(await two.reads()) == (1, Freshness.CURRENT, Source.LEGACY)


async def test_a_side_that_is_away_is_a_refusal_as_ever(two: Two) -> None:
    two.near.is_away = True

    [found] = await two.progress.mine(two.caller, [COURSE])

    assert found == AWAY
    assert isinstance(found, Refused)


async def test_anothers_token_asks_for_nothing_of_mine(two: Two) -> None:
    theirs = f"progress:completions/{TENANT}/1/{OTHER}"
    two.seen = {theirs: 9, f"progress:completions/elsewhere/{WAY.course}/{WAY.user}": 9}

    assert told(await two.reads()) == (0, Freshness.CURRENT, Source.LEGACY)
    assert two.far.reads == 0


async def test_a_learner_who_writes_and_reads_by_turns_never_sees_less(two: Two) -> None:
    shown = [0]
    for number in range(1, 6):
        await two.completes(number, is_kept=number % 2 == 0)
        two.near.hears(two.far, upto=number - 2 if number > 2 else 0)
        two.far.is_away = number % 3 == 0
        shown.append((await two.reads()).completed)

    assert shown == sorted(shown)


async def test_it_goes_back_without_the_ladder(two: Two) -> None:
    await two.completes(1)
    await two.completes(2)
    shown = [(await two.reads()).completed]
    two.progress = two.near.sources.progress  # type: ignore[assignment]
    shown.append((await two.reads()).completed)

    assert shown == [2, 0]
