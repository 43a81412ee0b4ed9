"""Each call to a service counts for one capability, and as a failure only where it is one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from flags.health import Counts, Health
from flags.names import CAPABILITIES
from gateway.strangling.metering import FAIR_S, Metered, capabilities_of
from services.contracts import assessment_api, progress_api
from services.contracts.errors import (
    UpstreamError,
    UpstreamMisbehaved,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.contracts.question import Nothing
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from services.kit.settings import Settings
from tests.fakes.tenant import NOW, viewer

URL, SLOW_S = "http://127.0.0.1:8003", 0.5
NAMES = capabilities_of(Settings())


@dataclass
class Wire:
    """Answers so, after a while."""

    clock: FakeClock
    said: Reply | UpstreamError = field(default_factory=lambda: Reply(200, {}, b"[]"))
    takes_s: float = 0.01

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        self.clock.advance(self.takes_s)
        if isinstance(self.said, UpstreamError):
            raise self.said
        return self.said


@dataclass
class Meter:
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    health: Health = field(default_factory=Health)

    def __post_init__(self) -> None:
        self.wire = Wire(self.clock)
        self.transport = Metered(self.wire, self.health, self.clock, NAMES, SLOW_S)

    async def counts(
        self, said: Reply | UpstreamError, takes_s: float = 0.01, given_s: float = 1.0
    ) -> Counts:
        """Of one call for progress."""
        self.wire.said, self.wire.takes_s = said, takes_s
        call = Call("progress", "POST", URL + progress_api.PROGRESS.path)
        with suppress(UpstreamError):
            await self.transport.send(call, Deadline.within(self.clock, given_s))
        return self.health.take().get("progress.read", Counts())


@pytest.fixture
def meter() -> Meter:
    return Meter()


def reply(status: int, **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): text for name, text in headers.items()}, b"")


def test_each_address_is_of_a_capability_that_there_is() -> None:
    assert set(NAMES.values()) == set(CAPABILITIES) - {"assessment.scoring"}
    assert NAMES[URL + progress_api.OUTLINES.path] == "course.read"
    assert NAMES[URL + progress_api.COMPLETE_LESSON.path] == "progress.write"
    assert NAMES["http://127.0.0.1:8002" + assessment_api.WINDOWS.path] == "assessment.read"
    assert NAMES["http://127.0.0.1:8002" + assessment_api.START.path] == "assessment.attempts"


@pytest.mark.parametrize("status", [200, 400, 403, 404, 409, 422])
async def test_what_the_service_says_is_an_answer(meter: Meter, status: int) -> None:
    assert await meter.counts(reply(status)) == Counts(calls=1)


@pytest.mark.parametrize(
    "said",
    [
        reply(500),
        reply(503),
        reply(504),
        UpstreamTimeout("late"),
        UpstreamUnreachable("gone"),
        UpstreamMisbehaved("too large"),
    ],
)
async def test_what_it_does_not_say_is_a_failure(meter: Meter, said: Reply | UpstreamError) -> None:
    assert await meter.counts(said) == Counts(calls=1, failed=1)


async def test_who_had_no_time_to_answer_has_not_failed(meter: Meter) -> None:
    for said in (UpstreamTimeout("late"), reply(504)):
        assert await meter.counts(said, given_s=FAIR_S / 2) == Counts()
    assert (await meter.counts(reply(500), given_s=FAIR_S / 2)).failed == 1


async def test_who_says_when_to_come_again_is_not_sick(meter: Meter) -> None:
    assert await meter.counts(reply(503, retry_after="1")) == Counts()


async def test_a_late_answer_is_slow(meter: Meter) -> None:
    assert await meter.counts(reply(200), takes_s=SLOW_S + 0.1) == Counts(calls=1, slow=1)


async def test_who_left_has_seen_nothing(meter: Meter) -> None:
    class Silent(Wire):
        async def send(self, call: Call, deadline: Deadline) -> Reply:
            return await asyncio.Future[Reply]()

    transport = Metered(Silent(meter.clock), meter.health, meter.clock, NAMES, SLOW_S)
    call = Call("progress", "POST", URL + progress_api.PROGRESS.path)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await transport.send(call, Deadline.within(meter.clock, 1.0))

    assert meter.health.take() == {}


async def test_other_calls_do_not_count(meter: Meter) -> None:
    call = Call("feeder", "POST", "http://127.0.0.1:8005/versions")
    await meter.transport.send(call, Deadline.within(meter.clock, 1.0))

    assert meter.health.take() == {}


async def test_an_answer_that_nobody_can_read_is_a_failure(meter: Meter) -> None:
    client = ServiceClient(meter.transport, "progress", URL, 1.0)
    caller = Caller(viewer("acme"), Deadline.within(meter.clock, 1.0))
    assert await client.ask(caller, progress_api.ENROLMENTS, Nothing()) == []
    meter.wire.said = Reply(200, {}, b"<html>")

    with pytest.raises(UpstreamMisbehaved):
        await client.ask(caller, progress_api.ENROLMENTS, Nothing())

    assert meter.health.take() == {"course.read": Counts(calls=2, failed=1)}
