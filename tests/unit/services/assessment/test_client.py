"""What the client asks of the service, in local ids, and what it makes of the answers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.assessment.client.attempts import ServiceAttempts
from services.contracts import assessment_api as api
from services.contracts.assessment import (
    AtEnd,
    Attempt,
    AttemptAccepted,
    AttemptConflict,
    AttemptState,
    Given,
    Response,
    Rules,
)
from services.contracts.errors import FORBIDDEN, HIDDEN, ErrorCode, Refused, UpstreamUnreachable
from services.contracts.ids import AttemptId, Kind, Side, encode
from services.contracts.paging import Key, key_of
from services.contracts.question import IDEMPOTENCY_KEY
from services.contracts.supervising import Deed, Extra
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.fakes.tenant import NOW, assessment_id, course_id, learner_id, viewer

EXAM = assessment_id("a", 7)
GIVEN = [Given("q1", 3, Response(number=4.5))]


def attempt_id(local: str = "7-4-1", tenant: str = "a", side: Side = Side.SERVICE) -> AttemptId:
    return AttemptId(encode(Kind.ATTEMPT, tenant, local, side))


def attempt(local: str = "7-4-1") -> Attempt:
    return Attempt(
        id=attempt_id(local),
        assessment_id=EXAM,
        course_id=course_id("a", 1),
        learner_id=learner_id("a"),
        number=1,
        state=AttemptState.IN_PROGRESS,
        started_at=NOW,
        saved_at=None,
        submitted_at=None,
        score=None,
        version=2,
    )


class Answers:
    """A transport that gives the same reply to every call, or breaks."""

    def __init__(self, body: object = None, status: int = 200) -> None:
        self._reply = Reply(status, {}, msgspec.json.encode(body))
        self.calls: list[Call] = []

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        self.calls.append(call)
        if self._reply.status == 0:
            raise UpstreamUnreachable("nobody there")
        return self._reply

    @property
    def attempts(self) -> ServiceAttempts:
        return ServiceAttempts(ServiceClient(self, "assessment", "http://assessment", 1.0))

    @property
    def said(self) -> tuple[str, Any]:
        [call] = self.calls
        assert call.body is not None
        return call.url.removeprefix("http://assessment"), msgspec.json.decode(call.body)


def caller(waited_s: float = 0.0) -> Caller:
    clock = FakeClock(NOW)
    clock.advance(waited_s)
    return Caller(viewer("a"), Deadline.within(clock, 1.0), received_s=0.0)


Does = Callable[[ServiceAttempts], Awaitable[object]]
REASON = "a fire alarm"
COMMANDS: list[tuple[Does, str, dict[str, object]]] = [
    (
        lambda at: at.start(caller(), EXAM, "k", decimal=False),
        "/commands/start",
        {"assessment": 7, "decimal": False},
    ),
    (
        lambda at: at.save(caller(), attempt_id(), GIVEN, "k", 5),
        "/commands/save",
        {
            "attempt": "7-4-1",
            "answers": [{"item_id": "q1", "sequence": 3, "response": {"number": 4.5}}],
            "expected_version": 5,
        },
    ),
    (
        lambda at: at.submit(caller(), attempt_id("7-4-p2"), [], "k", None),
        "/commands/submit",
        {"attempt": "7-4-p2", "answers": [], "expected_version": None},
    ),
    (
        lambda at: at.act(caller(), Deed.PAUSE, attempt_id(), REASON, "k"),
        "/commands/pause",
        {"attempt": "7-4-1", "reason": REASON},
    ),
    (
        lambda at: at.act(caller(), Deed.RESUME, attempt_id(), REASON, "k"),
        "/commands/resume",
        {"attempt": "7-4-1", "reason": REASON},
    ),
    (
        lambda at: at.act(caller(), Deed.VOID, attempt_id(), REASON, "k"),
        "/commands/void",
        {"attempt": "7-4-1", "reason": REASON},
    ),
    (
        lambda at: at.act(caller(), Deed.REOPEN, attempt_id(), REASON, "k"),
        "/commands/reopen",
        {"attempt": "7-4-1", "reason": REASON},
    ),
    (
        lambda at: at.grade_item(caller(), attempt_id(), "q1", 0.5, None, "k"),
        "/commands/grade-item",
        {"attempt": "7-4-1", "item": "q1", "points": 0.5, "note": None},
    ),
]


@pytest.mark.parametrize(("does", "path", "said"), COMMANDS)
async def test_a_command_says_what_is_done_and_tells_what_came_of_it(
    does: Does, path: str, said: dict[str, object]
) -> None:
    done = AttemptAccepted(attempt(), duplicate=True)
    answers = Answers(done)

    outcome = await does(answers.attempts)

    assert outcome == done
    assert answers.said == (path, said)


async def test_a_conflict_comes_with_the_attempt_as_it_is() -> None:
    closed = AttemptConflict(ErrorCode.ATTEMPT_CLOSED, "Closed.", attempt())

    outcome = await Answers(closed).attempts.submit(caller(), attempt_id(), [], "k", None)

    assert outcome == closed


async def test_a_command_says_how_long_it_has_been_under_way() -> None:
    answers = Answers(AttemptAccepted(attempt()))

    await answers.attempts.submit(caller(waited_s=1.5), attempt_id(), [], "k", None)

    [call] = answers.calls
    assert call.headers[api.WAITED] == "1500"
    assert len(call.headers[IDEMPOTENCY_KEY]) == 64


async def test_time_is_granted_to_all_that_are_named() -> None:
    answers = Answers(msgspec.to_builtins({"learner_ids": [learner_id("a")]}))
    given = Extra([learner_id("a"), learner_id("a", "5")], timedelta(minutes=20), 1.5, 1)

    await answers.attempts.grant(caller(), EXAM, given, REASON, "k")

    path, said = answers.said
    assert path == "/commands/grant"
    assert said == {
        "assessment": 7,
        "learners": [4, 5],
        "extra_s": 1_200,
        "multiplier": 1.5,
        "extra_attempts": 1,
        "reason": REASON,
    }


async def test_one_learner_of_another_tenant_hides_the_whole_grant() -> None:
    answers = Answers()
    given = Extra([learner_id("a"), learner_id("b")], timedelta(minutes=20), 1.0, 0)

    assert await answers.attempts.grant(caller(), EXAM, given, REASON, "k") == HIDDEN
    assert answers.calls == []


async def test_a_regrade_and_rules_name_the_assessment() -> None:
    regrading, ruling = Answers({"attempts": 3}), Answers({"assessment_id": EXAM})

    await regrading.attempts.regrade(caller(), EXAM, "q1", Response(text="osmosis"), REASON, "k")
    await ruling.attempts.set_rules(caller(), EXAM, Rules(AtEnd.OVERDUE, overdue_s=60), "k")

    assert regrading.said[1]["correct"] == {"text": "osmosis"}
    assert ruling.said[1]["rules"]["overdue_s"] == 60


FOREIGN = [
    attempt_id(tenant="b"),
    attempt_id(side=Side.LEGACY),
    attempt_id(side=Side.EITHER),
    attempt_id("7-4-0"),
    attempt_id("7-4-x1"),
    attempt_id("7-4"),
    AttemptId(assessment_id("a", 7)),
    AttemptId("made up"),
]


@pytest.mark.parametrize("foreign", FOREIGN)
async def test_what_is_not_of_the_service_is_hidden_without_a_call(foreign: AttemptId) -> None:
    answers = Answers()
    at = answers.attempts

    found = [
        *await at.many(caller(), [foreign]),
        await at.save(caller(), foreign, GIVEN, "k", None),
        await at.submit(caller(), foreign, [], "k", None),
        await at.act(caller(), Deed.PAUSE, foreign, REASON, "k"),
        await at.grade_item(caller(), foreign, "q1", 1.0, None, "k"),
        await at.verify(caller(), foreign, "00"),
    ]

    assert found == [HIDDEN] * 6
    assert answers.calls == []


async def test_many_attempts_are_one_call_and_come_in_order() -> None:
    answers = Answers([attempt(), None])
    ids = [attempt_id(tenant="b"), attempt_id(), attempt_id("7-5-1")]

    found = await answers.attempts.many(caller(), ids)

    assert found == [HIDDEN, attempt(), HIDDEN]
    assert answers.said == ("/attempts", {"attempts": ["7-4-1", "7-5-1"]})


async def test_a_page_of_submissions_has_cursors_that_lead_on() -> None:
    rows = [[4, 1, attempt()], [5, 2, attempt("7-5-2")]]
    answers = Answers([{"total": 9, "attempts": rows, "more": True}])

    [page] = await answers.attempts.submissions(caller(), [EXAM], 2, None, [])
    assert not isinstance(page, Refused)
    behind = Answers([{"total": 9, "attempts": [], "more": False}])
    after = key_of(page.edges[-1].cursor)
    await behind.attempts.submissions(caller(), [EXAM], 2, after, [AttemptState.GRADED])

    assert (page.total_count, page.page_info.has_next_page) == (9, True)
    assert behind.said[1] == {
        "assessments": [7],
        "first": 2,
        "after_user": 5,
        "after_number": 2,
        "states": ["GRADED"],
    }


@pytest.mark.parametrize("key", [("", "made up"), ("", attempt_id(tenant="b")), ("", EXAM)])
async def test_a_cursor_that_is_no_attempts_leads_to_nothing(key: Key) -> None:
    answers = Answers()

    assert await answers.attempts.submissions(caller(), [EXAM], 2, key, []) == [HIDDEN]
    assert answers.calls == []


async def test_the_side_is_asked_with_what_the_monolith_has() -> None:
    answers = Answers(api.Pinned(service=True))

    told = await answers.attempts.side(caller(), EXAM, wants_service=True, seen=2)

    assert told == api.Pinned(service=True)
    assert answers.said == ("/side", {"assessment": 7, "wants_service": True, "seen": 2})


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (Answers(status=0), UpstreamUnreachable.refusal),
        (Answers(FORBIDDEN, 403), FORBIDDEN),
        (Answers(HIDDEN, 404), HIDDEN),
    ],
)
async def test_a_refusal_is_the_services_own(answers: Answers, told: Refused) -> None:
    assert await answers.attempts.side(caller(), EXAM, wants_service=True, seen=None) == told
