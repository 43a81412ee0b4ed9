"""D6: whatever clocks of clients and gateways say, the database of attempts alone judges time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from msgspec.structs import replace

from services.assessment.client.attempts import ServiceAttempts
from services.assessment.handlers import reach
from services.assessment.model.moment import Moment
from services.contracts.assessment import AttemptAccepted
from services.contracts.ids import AttemptId, Kind, Side, encode
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.deadline import Deadline
from tests.faults.exams import TENANT, WAITS_S, Exams, exams, viewer
from tests.faults.own_bus import OwnBus, own_bus
from tests.faults.quiz import QUIZ, answers
from tests.faults.registry import n
from tests.figures import Recorder
from tests.stack import Stack

CLOCK = """
CREATE TABLE test_clock (at timestamptz NOT NULL);
INSERT INTO test_clock VALUES (clock_timestamp());
GRANT SELECT ON test_clock TO PUBLIC;
CREATE OR REPLACE FUNCTION exam_now() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT at FROM test_clock'
"""
SET = "UPDATE test_clock SET at = $1"
VERDICTS = """
SELECT user_id, (data ->> 'submitted_at')::timestamptz, (data ->> 'late')::boolean
FROM attempt_events WHERE data ->> 'type' = 'AttemptSubmitted'
"""
EDGES = [
    datetime(2026, 6, 10, 10, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # summer begins in Berlin
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # and ends: an hour comes twice
    datetime(2017, 1, 1, tzinfo=UTC),  # behind the last leap second
]
WRONG = [timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)]
ERRORS = [timedelta(0), *WRONG, *(-one for one in WRONG)]
WAITED_MS = (0, 250, 1_500)
MOST_S, SEED = 2, 6


class WrongClock:
    """Its monotonic scale stands still until it is moved; what time it says is no matter."""

    def __init__(self) -> None:
        self.says = EDGES[0]
        self.monotonic = 0.0

    def now(self) -> datetime:
        return self.says

    def monotonic_s(self) -> float:
        return self.monotonic


@dataclass(frozen=True, slots=True)
class Case:
    """A submit `offset` from the end of the exam by the one right clock, when it is judged."""

    user: int
    assessment: int
    edge: datetime
    offset: timedelta
    waited: timedelta
    wrong_by: timedelta

    @property
    def now(self) -> datetime:
        return self.edge + self.offset + self.waited

    @property
    def is_in_time(self) -> bool:
        return self.offset <= timedelta(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> WrongClock:
    """That of the gateway and of the service's process."""
    made = WrongClock()
    monkeypatch.setattr(reach, "CLOCK", made)
    return made


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d6") as made:
        await made.own.execute(CLOCK)
        for assessment, edge in enumerate(EDGES, 1):
            opens_at = edge - timedelta(hours=1)
            await made.define(
                replace(QUIZ, assessment=assessment, opens_at=opens_at, closes_at=edge)
            )
        yield made


@pytest.fixture
async def bus(hall: Exams, stack: Stack, clock: WrongClock) -> AsyncIterator[OwnBus]:
    async with own_bus(hall.database, stack.redis, clock) as made:
        yield made


async def test_d6_wrong_clocks_make_no_wrong_verdict(
    hall: Exams, bus: OwnBus, clock: WrongClock, figure: Recorder
) -> None:
    wrong = await submit_around_the_edge(hall, bus, clock, n("D6"))

    figure("D6", submits=n("D6"), clocks=len(ERRORS), edges=len(EDGES), wrong_verdicts=wrong)
    assert wrong == 0


async def test_d6_fails_without_the_databases_clock(
    hall: Exams,
    bus: OwnBus,
    clock: WrongClock,
    monkeypatch: pytest.MonkeyPatch,
    figure: Recorder,
) -> None:
    """A submit is judged by when its gateway says that it came."""
    monkeypatch.setattr(reach, "moment", lambda now, waited: Moment(now, clock.now() - waited))

    wrong = await submit_around_the_edge(hall, bus, clock, 40)

    figure("D6", wrong_verdicts_by_the_gateways_clock=wrong)
    assert wrong > 0


async def submit_around_the_edge(hall: Exams, bus: OwnBus, clock: WrongClock, times: int) -> int:
    """The number of wrong verdicts."""
    cases = await prepared(hall, times)
    told = {case.user: await submitted(hall, bus, clock, case) for case in cases}
    kept = {user: (at, late) for user, at, late in await hall.rows(VERDICTS)}
    return sum(is_wrong(case, kept.get(case.user), told[case.user]) for case in cases)


async def prepared(hall: Exams, times: int) -> list[Case]:
    """Everybody has begun half an hour before."""
    dice, users = Random(SEED), await hall.admit(times)
    cases = []
    for nth, user in enumerate(users):
        assessment = nth % len(EDGES) + 1
        offset = timedelta(microseconds=dice.randint(-MOST_S * 10**6, MOST_S * 10**6))
        if nth % 5 == 0:
            offset = timedelta(microseconds=nth % 3 - 1)
        waited = timedelta(milliseconds=dice.choice(WAITED_MS))
        edge, wrong_by = EDGES[assessment - 1], dice.choice(ERRORS)
        cases.append(Case(user, assessment, edge, offset, waited, wrong_by))
    for assessment, edge in enumerate(EDGES, 1):
        await hall.own.execute(SET, edge - timedelta(minutes=30))
        own = [case.user for case in cases if case.assessment == assessment]
        await hall.begin(own, assessment)
    return cases


async def submitted(hall: Exams, bus: OwnBus, clock: WrongClock, case: Case) -> bool:
    """Whether it was taken."""
    await hall.own.execute(SET, case.now)
    client = ServiceAttempts(ServiceClient(hall.transport, "assessment", bus.serves, WAITS_S))
    local = f"{case.assessment}-{case.user}-1"
    attempt = AttemptId(encode(Kind.ATTEMPT, TENANT, local, Side.SERVICE))
    clock.monotonic += case.waited.total_seconds()
    clock.says = case.now + case.wrong_by
    received_s = clock.monotonic - case.waited.total_seconds()
    caller = Caller(viewer(case.user), Deadline.within(clock, WAITS_S), received_s)
    done = await client.submit(caller, attempt, answers(), "submit", None)
    return isinstance(done, AttemptAccepted)


def is_wrong(case: Case, kept: tuple[datetime, bool] | None, taken: bool) -> bool:
    """By what is written down, and by what was told."""
    if not case.is_in_time:
        return taken or kept is not None
    return not taken or kept != (case.edge + case.offset, False)
