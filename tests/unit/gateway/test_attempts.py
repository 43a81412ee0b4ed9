"""Attempts of two sides: what has begun stays where it began, what begins goes where it may."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from flags.decide import Decision, Decisions
from flags.names import (
    ASSESSMENT_ATTEMPTS,
    ASSESSMENT_READ,
    ASSESSMENT_SCORING,
    CAPABILITIES,
    Capability,
    Side,
)
from flags.pins import MemoryPins
from gateway.attempts.sides import AttemptSides
from resolvers.ports import Attempting, Attempts, Supervising
from services.contracts.assessment import AtEnd, Attempt, AttemptState, Response, Rules
from services.contracts.errors import HIDDEN, ErrorCode, Refused, UpstreamTimeout
from services.contracts.ids import AttemptId, Kind, encode
from services.contracts.ids import Side as Owner
from services.contracts.supervising import Deed, Extra
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from tests.fakes.named_service import NamedService
from tests.fakes.named_side import NamedSide
from tests.fakes.no_copies import NoCopies
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    NOW,
    add_tenant,
    assessment_id,
    attempt_id,
    course_id,
    learner_id,
    viewer,
)

EXAM = assessment_id("acme")
SOMEONE = course_id("acme"), learner_id("acme", "4")
BUDGET_S = 1.4
EVERY_FLAG = [set[Capability](), {ASSESSMENT_READ}, {ASSESSMENT_ATTEMPTS}]


@dataclass
class Two:
    """Both sides, and the gateway between them as the flags in `on` make it."""

    legacy: NamedSide = field(default_factory=lambda: NamedSide("legacy"))
    service: NamedService = field(default_factory=NamedService)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    def __post_init__(self) -> None:
        pins = MemoryPins(self.clock)
        self.sides = AttemptSides(self.legacy, self.service, pins, NoCopies())

    def reading(self, *on: Capability) -> Attempts:
        return self.sides.reading(decided(*on))

    def doing(self, *on: Capability) -> Attempting:
        return self.sides.doing(decided(*on))

    def supervising(self, *on: Capability) -> Supervising:
        return self.sides.supervising(decided(*on))

    @property
    def caller(self) -> Caller:
        return Caller(viewer("acme"), Deadline.within(self.clock, BUDGET_S))

    async def start(self, *on: Capability) -> str:
        """The name of the side that it was begun on, or the code of a refusal."""
        done = await self.doing(*on).start(self.caller, EXAM, "k")
        assert isinstance(done, Refused)
        return done.message if done.code is ErrorCode.INVALID else done.code


@pytest.fixture
def two() -> Two:
    return Two()


def decided(*on: Capability) -> Decisions:
    sides = {one: Side.SERVICE if one in on else Side.LEGACY for one in CAPABILITIES.values()}
    return Decisions({one: Decision(side, "a test says so") for one, side in sides.items()})


def own(side: Owner) -> AttemptId:
    return AttemptId(encode(Kind.ATTEMPT, "acme", "1-4-1", side))


def held(state: AttemptState) -> Attempt:
    platform = FakePlatform()
    add_tenant(platform, "acme")
    return replace(platform.attempts[attempt_id("acme")], state=state)


Does = Callable[[Attempting, Supervising, Caller, AttemptId], Awaitable[object]]
TO_ONE: dict[str, Does] = {
    "save": lambda do, _, caller, one: do.save(caller, one, [], "k", None),
    "submit": lambda do, _, caller, one: do.submit(caller, one, [], "k", None),
    "pause": lambda _, do, caller, one: do.act(caller, Deed.PAUSE, one, "why", "k"),
    "resume": lambda _, do, caller, one: do.act(caller, Deed.RESUME, one, "why", "k"),
    "void": lambda _, do, caller, one: do.act(caller, Deed.VOID, one, "why", "k"),
    "reopen": lambda _, do, caller, one: do.act(caller, Deed.REOPEN, one, "why", "k"),
    "grade_item": lambda _, do, caller, one: do.grade_item(caller, one, "q1", 1.0, None, "k"),
}


@pytest.mark.parametrize("on", EVERY_FLAG)
@pytest.mark.parametrize("command", TO_ONE)
async def test_a_command_goes_where_the_attempt_began_whatever_the_flags_say(
    two: Two, on: set[Capability], command: str
) -> None:
    doing, supervising = two.doing(*on), two.supervising(*on)

    for side in (Owner.LEGACY, Owner.SERVICE):
        await TO_ONE[command](doing, supervising, two.caller, own(side))

    assert (two.legacy.asked, two.service.asked) == ([command], [command])


@pytest.mark.parametrize("nobodys", [own(Owner.EITHER), AttemptId("made up")])
@pytest.mark.parametrize("command", TO_ONE)
async def test_an_attempt_of_no_side_is_hidden(two: Two, command: str, nobodys: AttemptId) -> None:
    done = await TO_ONE[command](two.doing(), two.supervising(), two.caller, nobodys)

    assert done == HIDDEN
    assert two.legacy.asked == two.service.asked == []


async def test_each_attempt_is_read_where_it_began_in_the_order_asked_for(two: Two) -> None:
    ids = [own(Owner.SERVICE), own(Owner.EITHER), own(Owner.LEGACY), own(Owner.SERVICE)]

    found = await two.reading().many(two.caller, ids)

    service, legacy = two.service.itself, two.legacy.itself
    assert found == [service, HIDDEN, legacy, service]
    assert two.service.asked == ["many"]


@pytest.mark.parametrize(
    ("on", "side"),
    [
        (set(), "legacy"),
        ({ASSESSMENT_READ}, "service"),
        ({ASSESSMENT_ATTEMPTS}, "service"),
        ({ASSESSMENT_SCORING}, "legacy"),
    ],
)
async def test_lists_and_whole_assessments_are_the_sides_that_knows_both(
    two: Two, on: set[Capability], side: str
) -> None:
    reading, supervising, caller = two.reading(*on), two.supervising(*on), two.caller
    nothing = Extra([], NOW - NOW, 1.0, 1)

    [window] = await reading.windows(caller, [EXAM])
    [page] = await reading.submissions(caller, [EXAM], 5, None, ())
    [counts] = await reading.submission_counts(caller, [EXAM])
    [score] = await reading.scores(caller, [SOMEONE])
    await reading.mine(caller, [EXAM])
    granted = await supervising.grant(caller, EXAM, nothing, "why", "k")
    regraded = await supervising.regrade(caller, EXAM, "q1", Response(text="a"), "why", "k")
    ruled = await supervising.set_rules(caller, EXAM, Rules(AtEnd.SUBMIT), "k")

    asked = two.legacy if side == "legacy" else two.service
    told = [window, page, counts, score, granted, regraded, ruled]
    assert told == [asked.itself] * 7
    assert len(two.legacy.asked + two.service.asked) == len(asked.asked) == 8


async def test_without_the_flag_one_begins_on_the_old_side(two: Two) -> None:
    assert await two.start() == "legacy"
    assert (two.service.asked, two.legacy.asked) == (["side seen=None"], ["start"])


async def test_with_the_flag_one_begins_on_the_new_side_once_it_knows_all_of_the_old(
    two: Two,
) -> None:
    two.legacy.held = [held(AttemptState.GRADED)]
    two.service.mirrored = 1

    assert await two.start(ASSESSMENT_ATTEMPTS) == "service"
    assert two.service.asked == ["side seen=None", "side seen=1", "start"]


@pytest.mark.parametrize("state", [AttemptState.IN_PROGRESS, AttemptState.OVERDUE])
async def test_whoever_has_an_open_attempt_on_the_old_side_goes_on_there(
    two: Two, state: AttemptState
) -> None:
    two.legacy.held = [held(state)]
    two.service.mirrored = 1

    assert await two.start(ASSESSMENT_ATTEMPTS) == "legacy"
    assert two.service.asked == ["side seen=None"]


async def test_while_the_new_side_knows_less_than_the_old_one_begins_on_the_old(
    two: Two,
) -> None:
    two.legacy.held = [held(AttemptState.GRADED)]

    assert await two.start(ASSESSMENT_ATTEMPTS) == "legacy"
    assert two.service.asked == ["side seen=None", "side seen=1"]


async def test_whoever_has_begun_on_the_new_side_stays_there_when_the_flag_goes_back(
    two: Two,
) -> None:
    two.service.begun = True

    assert await two.start() == "service"
    assert two.legacy.asked == []


async def test_without_the_service_the_old_side_goes_on_for_those_who_never_left_it(
    two: Two,
) -> None:
    two.service.away = UpstreamTimeout.refusal

    assert await two.start() == "legacy"


async def test_without_the_service_whoever_has_begun_there_is_asked_to_wait(two: Two) -> None:
    two.service.begun = True
    await two.start()
    two.service.away = UpstreamTimeout.refusal

    assert await two.start() == "UPSTREAM_TIMEOUT"
    assert two.legacy.asked == []


async def test_with_the_flag_nobody_begins_while_the_service_is_away(two: Two) -> None:
    two.service.away = UpstreamTimeout.refusal

    assert await two.start(ASSESSMENT_ATTEMPTS) == "UPSTREAM_TIMEOUT"
    assert two.legacy.asked == []


async def test_what_the_service_does_not_know_yet_begins_on_the_old_side(two: Two) -> None:
    two.service.away = HIDDEN

    assert await two.start() == "legacy"
    assert await two.start(ASSESSMENT_ATTEMPTS) == "NOT_FOUND"


async def test_a_monolith_that_cannot_be_asked_lets_nobody_begin_on_the_new_side(
    two: Two,
) -> None:
    two.legacy.held = UpstreamTimeout.refusal

    assert await two.start(ASSESSMENT_ATTEMPTS) == "UPSTREAM_TIMEOUT"
    assert "start" not in two.service.asked


async def test_a_slow_service_leaves_time_for_the_old_side(two: Two) -> None:
    await two.start()

    assert two.service.waited_s[0] < BUDGET_S / 2


@pytest.mark.parametrize("exact", [True, False])
async def test_the_scorer_is_what_the_flag_says_at_the_start(two: Two, exact: bool) -> None:
    two.service.begun = True

    await two.start(*([ASSESSMENT_SCORING] if exact else []))

    assert two.service.decimal == [exact]
