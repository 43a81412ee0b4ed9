"""A command goes to the monolith alone; what the service would have made of it is compared."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from flags.client import Flags
from flags.compare import Kind
from flags.names import ASSESSMENT_ATTEMPTS
from gateway.shadow.command import Command
from gateway.shadow.foretelling import Foretelling, judged
from gateway.shadow.intercept_attempting import ForetoldAttempting
from gateway.shadow.judging import Asking, AtOnce, Verdict
from gateway.shadow.shadow import Shadow
from resolvers.ports import AttemptResult
from services.contracts.assessment import (
    Attempt,
    AttemptAccepted,
    AttemptConflict,
    AttemptState,
    Given,
    Response,
    Score,
    Source,
    Window,
)
from services.contracts.dry_run import Became, Decided, DryRun, Foreseen, Verb
from services.contracts.errors import ErrorCode, Refused, UpstreamTimeout, UpstreamUnreachable
from services.contracts.ids import AttemptId, Side, TenantId, UserId, encode
from services.contracts.ids import Kind as IdKind
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import LEARNER, NOW, assessment_id, course_id, learner_id, viewer
from tests.faults.shadowed import compare_for_all
from tests.integration.monolith.waiting import until
from tests.unit.gateway.shadow.test_shadow import Noted, Reached

CLOCK = SystemClock()
ENDS = NOW + timedelta(minutes=30)
EXAM = assessment_id("acme", 7)
OWN = AttemptId(encode(IdKind.ATTEMPT, "acme", f"7-{LEARNER}-1", Side.LEGACY))
OTHERS = AttemptId(encode(IdKind.ATTEMPT, "acme", "7-999-1", Side.LEGACY))
ANSWERS = [Given("q1", 3, Response(choices=["a"]))]
ATTEMPT = Attempt(
    id=OWN,
    assessment_id=EXAM,
    course_id=course_id("acme"),
    learner_id=learner_id("acme"),
    number=1,
    state=AttemptState.GRADED,
    started_at=NOW,
    saved_at=None,
    submitted_at=NOW,
    score=Score(2.0, 6.0),
    window=Window(None, None, ENDS, timedelta(0), NOW),
    source=Source.LEGACY,
)
DONE = AttemptAccepted(ATTEMPT)
AGREED = Decided(number=1, state=AttemptState.GRADED, late=False, ends_at=ENDS)
LIMIT = Refused(ErrorCode.ATTEMPT_LIMIT, "There are no attempts left.")
SUBMIT = Command(viewer("acme"), Verb.SUBMIT, 7, 1, ANSWERS)


def signs(done: AttemptResult, *outcomes: Decided) -> set[tuple[str, Kind]]:
    return judged(SUBMIT, done, Foreseen(list(outcomes))).found.signs


def test_both_doing_the_same_is_the_same() -> None:
    found = judged(SUBMIT, DONE, Foreseen([AGREED]))

    assert found.verdict is Verdict.SAME
    assert found.found.compared == {
        "Decided.number": 1,
        "Decided.state": 1,
        "Decided.late": 1,
        "Decided.ends_at": 1,
    }


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"number": 2}, Kind.VALUE),
        ({"state": AttemptState.IN_PROGRESS}, Kind.VALUE),
        ({"late": True}, Kind.VALUE),
        ({"ends_at": ENDS + timedelta(seconds=2)}, Kind.VALUE),
        ({"ends_at": None}, Kind.MISSING),
    ],
)
def test_what_differs_is_told_by_field(changed: dict[str, Any], kind: Kind) -> None:
    assert signs(DONE, replace(AGREED, **changed)) == {(f"Decided.{next(iter(changed))}", kind)}


@pytest.mark.parametrize("changed", [{"state": None}, {"late": None}])
def test_what_the_service_cannot_know_is_not_compared(changed: dict[str, Any]) -> None:
    assert signs(DONE, replace(AGREED, **changed)) == set()


def test_refusals_are_the_same_by_their_code() -> None:
    conflict = AttemptConflict(ErrorCode.ATTEMPT_CLOSED, "This attempt is finished.", ATTEMPT)

    assert signs(LIMIT, Decided(ErrorCode.ATTEMPT_LIMIT)) == set()
    assert signs(conflict, Decided(ErrorCode.ATTEMPT_CLOSED)) == set()
    assert signs(LIMIT, Decided(ErrorCode.WINDOW_CLOSED)) == {
        ("attempting.submit", Kind.ERROR_THERE)
    }
    assert signs(LIMIT, AGREED) == {("attempting.submit", Kind.ERROR_HERE)}
    assert signs(DONE, Decided(ErrorCode.ATTEMPT_LIMIT)) == {
        ("attempting.submit", Kind.ERROR_THERE)
    }


def test_it_differs_only_where_nothing_that_may_have_come_of_it_is_the_same() -> None:
    over = Decided(ErrorCode.WINDOW_CLOSED)

    assert signs(DONE, over, AGREED) == set()
    assert judged(SUBMIT, DONE, Foreseen([over, replace(AGREED, late=True)])).found.signs == {
        ("Decided.late", Kind.VALUE)
    }


def test_where_the_service_cannot_tell_what_there_was_before_nothing_is_judged() -> None:
    assert judged(SUBMIT, DONE, Foreseen()).verdict is Verdict.LAG


def test_the_question_says_when_it_was_decided_and_what_was_written() -> None:
    second = timedelta(seconds=1)
    sent, told = NOW - timedelta(seconds=30), NOW + timedelta(seconds=30)
    written = Became(1, AttemptState.GRADED, NOW, None, NOW)

    assert SUBMIT.dry(DONE, sent, told) == DryRun(
        Verb.SUBMIT, 7, NOW, NOW + second, 1, ANSWERS, None, written
    )
    assert SUBMIT.dry(LIMIT, sent, told) == DryRun(
        Verb.SUBMIT, 7, sent - second, told + second, 1, ANSWERS
    )
    # Of answers that were there already nothing is new.
    again = SUBMIT.dry(AttemptAccepted(ATTEMPT, duplicate=True), sent, told)
    assert (again.answers, again.became) == ([], None)


@dataclass
class Monolith:
    """Counts what it was told to do."""

    result: AttemptResult = DONE
    told: list[str] = field(default_factory=list)

    async def start(self, caller: Caller, assessment: Any, key: str) -> AttemptResult:
        return self._done(key)

    async def save(self, caller: Caller, *said: Any) -> AttemptResult:
        return self._done(said[2])

    async def submit(self, caller: Caller, *said: Any) -> AttemptResult:
        return self._done(said[2])

    def _done(self, key: str) -> AttemptResult:
        self.told.append(key)
        return self.result


@dataclass
class Service:
    fails: bool = False
    asked: list[DryRun] = field(default_factory=list)

    async def foresee(self, caller: Caller, told: DryRun) -> Foreseen:
        self.asked.append(told)
        if self.fails:
            raise UpstreamUnreachable
        return Foreseen([AGREED])


@dataclass
class Hall:
    home: Path
    monolith: Monolith = field(default_factory=Monolith)
    service: Service = field(default_factory=Service)
    positions: Reached = field(default_factory=Reached)
    noted: Noted = field(default_factory=Noted)

    def __post_init__(self) -> None:
        sources = sources_of(FakePlatform())
        judge = AtOnce(Asking(sources, sources, CLOCK, 1.0))
        self.shadow = Shadow(sources, Flags(self.home), judge, self.noted)
        foretelling = Foretelling(self.service, self.positions, CLOCK, 1.0)
        self.port = ForetoldAttempting(self.monolith, self.shadow, foretelling)

    async def submit(self, attempt: AttemptId = OWN, who: Viewer | None = None) -> AttemptResult:
        caller = Caller(who or viewer("acme"), Deadline.within(CLOCK, 5.0))
        return await self.port.submit(caller, attempt, ANSWERS, "k", None)

    async def settled(self) -> None:
        async def is_noted() -> bool:
            return bool(self.noted.found or self.noted.dropped_)

        await until(is_noted)


async def test_the_monolith_is_told_once_and_the_service_is_only_asked(tmp_path: Path) -> None:
    compare_for_all(tmp_path, ASSESSMENT_ATTEMPTS)
    hall = Hall(tmp_path)

    done = await hall.submit()

    assert done == DONE
    await hall.settled()
    assert hall.monolith.told == ["k"]
    assert [one.verb for one in hall.service.asked] == [Verb.SUBMIT]
    assert hall.noted.asked == [("attempting.submit", ASSESSMENT_ATTEMPTS)]
    assert hall.noted.verdicts == [Verdict.SAME]


async def test_a_service_that_is_behind_is_not_judged(tmp_path: Path) -> None:
    compare_for_all(tmp_path, ASSESSMENT_ATTEMPTS)
    hall = Hall(tmp_path, positions=Reached(answers=False))

    await hall.submit()

    await hall.settled()
    assert hall.noted.verdicts == [Verdict.LAG]
    assert hall.service.asked == []


async def test_a_service_that_fails_harms_nobody(tmp_path: Path) -> None:
    compare_for_all(tmp_path, ASSESSMENT_ATTEMPTS)
    hall = Hall(tmp_path, service=Service(fails=True))

    assert await hall.submit() == DONE

    await hall.settled()
    assert hall.noted.dropped_ == 1


@pytest.mark.parametrize("why", ["no flag", "staff", "another's", "nobody knows what came of it"])
async def test_where_there_is_nothing_to_compare_the_service_is_not_asked(
    why: str, tmp_path: Path
) -> None:
    if why != "no flag":
        compare_for_all(tmp_path, ASSESSMENT_ATTEMPTS)
    hall = Hall(tmp_path)
    who = None
    if why == "staff":
        who = Viewer(TenantId("acme"), UserId(LEARNER), frozenset({Role.TEACHER}))
    if why == "nobody knows what came of it":
        hall.monolith.result = UpstreamTimeout.refusal

    await hall.submit(OTHERS if why == "another's" else OWN, who)
    await hall.shadow.close()

    assert hall.monolith.told == ["k"]
    assert hall.service.asked == []
    assert hall.noted.dropped_ == 0
