"""What the client makes of answers, also of those that a service should not give."""

from collections.abc import Sequence

import msgspec
import pytest

from services.contracts.errors import (
    FORBIDDEN,
    HIDDEN,
    KEY_REUSED,
    ErrorCode,
    Refused,
    UpstreamMisbehaved,
    UpstreamUnreachable,
)
from services.contracts.ids import CourseId
from services.contracts.learning import Course
from services.contracts.progress_api import COMPLETE_LESSON, COURSES
from services.contracts.question import IDEMPOTENCY_KEY
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from services.progress.client.courses import ServiceCourses
from services.progress.client.progress import ServiceCompletions
from tests.fakes.tenant import NOW, course_id, lesson_id, viewer

CELLS = Course(course_id("a", 1), "Cells", "C")


class Answers:
    """A transport that gives the same reply to every call, or breaks."""

    def __init__(self, body: object = None, status: int = 200, raw: bytes | None = None) -> None:
        self._reply = Reply(status, {}, msgspec.json.encode(body) if raw is None else raw)
        self.calls: list[Call] = []

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        self.calls.append(call)
        if self._reply.status == 0:
            raise UpstreamUnreachable("nobody there")
        return self._reply


def caller() -> Caller:
    return Caller(viewer("a"), Deadline.within(FakeClock(NOW), 1.0))


def courses(answers: Answers) -> ServiceCourses:
    return ServiceCourses(ServiceClient(answers, "progress", "http://progress", 1.0))


async def many(answers: Answers, *ids: CourseId) -> Sequence[Course | Refused]:
    return await courses(answers).many(caller(), list(ids))


async def test_many_ids_are_one_call_that_says_who_asks() -> None:
    answers = Answers([CELLS, None])

    found = await many(answers, course_id("a", 1), course_id("a", 2))

    [call] = answers.calls
    assert found == [CELLS, HIDDEN]
    assert (call.method, call.url) == ("POST", f"http://progress{COURSES.path}")
    assert call.body == b'{"ids":[1,2]}'
    assert [call.headers[name] for name in ("banyan-tenant", "banyan-user", "banyan-roles")] == [
        "a",
        "4",
        "LEARNER",
    ]


@pytest.mark.parametrize(
    "foreign",
    [
        course_id("b", 1),
        CourseId(lesson_id("a", 1)),
        CourseId("no id at all"),
        CourseId(course_id("a", 10**18)),
    ],
)
async def test_what_cannot_be_the_viewers_is_hidden_without_a_call(foreign: CourseId) -> None:
    answers = Answers([])

    assert await many(answers, foreign) == [HIDDEN]
    assert answers.calls == []


async def test_what_is_foreign_moves_no_other_answer_from_its_place() -> None:
    found = await many(Answers([CELLS]), course_id("b", 1), course_id("a", 1), course_id("b", 2))

    assert found == [HIDDEN, CELLS, HIDDEN]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (Answers(status=0), ErrorCode.UPSTREAM_UNAVAILABLE),
        (Answers(status=503), ErrorCode.UPSTREAM_UNAVAILABLE),
        (Answers(status=504), ErrorCode.UPSTREAM_TIMEOUT),
        (Answers(status=401), ErrorCode.UPSTREAM_UNAVAILABLE),
        (Answers([]), ErrorCode.UPSTREAM_UNAVAILABLE),
        (Answers([CELLS, CELLS]), ErrorCode.UPSTREAM_UNAVAILABLE),
        (Answers(raw=b"<html>"), ErrorCode.UPSTREAM_UNAVAILABLE),
        (Answers([{"id": 1}]), ErrorCode.UPSTREAM_UNAVAILABLE),
    ],
)
async def test_an_answer_that_is_none_refuses_each_thing_alone(
    answers: Answers, code: ErrorCode
) -> None:
    [found] = await many(answers, course_id("a", 1))

    assert isinstance(found, Refused)
    assert found.code is code


async def test_enrolments_that_cannot_be_had_are_an_error() -> None:
    with pytest.raises(UpstreamMisbehaved):
        await courses(Answers(status=500)).enrolments(caller())


async def test_a_cursor_that_is_no_learner_hides_the_page() -> None:
    answers = Answers([])

    found = await courses(answers).rosters(caller(), [course_id("a")], 10, ("7", "made up"))

    assert found == [HIDDEN]
    assert answers.calls == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, HIDDEN),
        (422, KEY_REUSED),
        (403, FORBIDDEN),
        (409, Refused(ErrorCode.INVALID, "Busy", True)),
    ],
)
async def test_a_commands_refusal_is_the_services_own(status: int, said: Refused) -> None:
    answers = Answers(said, status)
    completions = ServiceCompletions(ServiceClient(answers, "progress", "http://progress", 1.0))

    assert await completions.complete(caller(), lesson_id("a"), "key") == said
    [call] = answers.calls
    assert call.url.endswith(COMPLETE_LESSON.path)
    assert len(call.headers[IDEMPOTENCY_KEY]) == 64


async def test_a_command_whose_answer_is_lost_is_refused_as_unavailable() -> None:
    completions = ServiceCompletions(
        ServiceClient(Answers(status=0), "progress", "http://progress", 1.0)
    )

    done = await completions.complete(caller(), lesson_id("a"), "key")

    assert isinstance(done, Refused)
    assert done.retryable
