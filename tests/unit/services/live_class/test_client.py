"""What the client makes of a service that fails, and what it does not ask at all."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from services.contracts.errors import (
    HIDDEN,
    Refused,
    UpstreamError,
    UpstreamMisbehaved,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from services.live_class.client import ServiceLiveClasses
from tests.fakes.tenant import NOW, class_id, course_id, viewer

BUDGET_S = 0.8


@dataclass
class Answering:
    """A transport that always answers the same, or fails the same way."""

    answer: Reply | UpstreamError
    calls: list[tuple[Call, float]] = field(default_factory=list)

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        self.calls.append((call, deadline.left_s()))
        if isinstance(self.answer, UpstreamError):
            raise self.answer
        return self.answer


def caller(within_s: float = 20.0) -> Caller:
    return Caller(viewer("north"), Deadline.within(SystemClock(), within_s))


def client(transport: Answering) -> ServiceLiveClasses:
    return ServiceLiveClasses(ServiceClient(transport, "live_class", "http://live", BUDGET_S))


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (Reply(503, {}, b""), UpstreamUnreachable.refusal),
        (Reply(504, {}, b""), UpstreamTimeout.refusal),
        (Reply(500, {}, b""), UpstreamMisbehaved.refusal),
        (Reply(200, {}, b"<html>"), UpstreamMisbehaved.refusal),
        (Reply(200, {}, b"[null]"), UpstreamMisbehaved.refusal),
        (UpstreamTimeout("late"), UpstreamTimeout.refusal),
    ],
)
async def test_a_failed_call_is_each_known_ids_refusal(
    answer: Reply | UpstreamError, refusal: Refused
) -> None:
    ids = [class_id("north", 1), class_id("south", 1), class_id("north", 2)]

    found = await client(Answering(answer)).many(caller(), ids)

    assert found == [refusal, HIDDEN, refusal]


async def test_a_failed_agenda_is_refused_as_one() -> None:
    failed = client(Answering(Reply(503, {}, b"")))

    assert await failed.agenda(caller(), NOW, NOW) == UpstreamUnreachable.refusal


async def test_what_cannot_be_the_callers_is_not_asked_for() -> None:
    transport = Answering(Reply(200, {}, b"[]"))

    found = await client(transport).of_courses(caller(), [course_id("south")], None, None)

    assert found == [HIDDEN]
    assert transport.calls == []


async def test_many_ids_are_one_call_within_the_budget() -> None:
    transport = Answering(Reply(200, {}, b"[null, null, null]"))
    ids = [class_id("north", number) for number in (1, 2, 3)]

    found = await client(transport).many(caller(), ids)

    [(call, left_s)] = transport.calls
    assert found == [HIDDEN] * 3
    assert call.body == b'{"ids":["l1","l2","l3"]}'
    assert call.headers["banyan-tenant"] == "north"
    assert 0 < left_s <= BUDGET_S


async def test_a_call_takes_no_longer_than_the_caller_has() -> None:
    transport = Answering(Reply(200, {}, b"[]"))
    moment = datetime(2026, 3, 2, tzinfo=UTC)

    await client(transport).agenda(caller(within_s=0.1), moment, moment)

    assert 0 < transport.calls[0][1] <= 0.1
