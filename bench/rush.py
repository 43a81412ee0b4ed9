"""A rush: everybody starts an exam within a second, and hands it in within its last ten."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.candidate import ALL_ANSWERS, Candidate
from bench.crowd import Crowd, at_once
from bench.exam import EXAM, Exam, Span
from bench.limit import Load, Watch
from bench.losses import Losses, losses
from bench.service_side import ANSWERED, EVENTS
from bench.way_in import Done
from services.kit.clock import SystemClock

STARTS_WITHIN_S, HANDS_IN_WITHIN_S = 1.0, 10.0
SOON = timedelta(seconds=3)
SPARE_S = 5.0
GRACE = timedelta(seconds=60)
COSTS = 1.5
"""Times what a command costs on the average: the machine may be busier by then."""


@dataclass(frozen=True, slots=True)
class Rush:
    """`after_end_s` is how long after the end the last was handed in."""

    prepared_s: float
    start: Crowd
    start_load: Load
    hand_in: Crowd
    hand_in_load: Load
    after_end_s: float
    losses: Losses


def span(learners: int, commands_per_s: float) -> Span:
    """So long that all have started when the first hand in, and all who come in time are taken."""
    takes = timedelta(seconds=learners * COSTS / commands_per_s)
    length = takes + timedelta(seconds=SPARE_S + HANDS_IN_WITHIN_S)
    return Span.after(SOON, length, max(takes, GRACE))


async def rush(
    exam: Exam,
    teacher: Candidate,
    crowd: Sequence[Candidate],
    watch: Watch,
    commands_per_s: float,
) -> Rush:
    prepared_s = await exam.prepare(teacher)
    when = span(len(crowd), commands_per_s)
    await exam.move(when)
    attempts: dict[int, str] = {}

    async def start(one: Candidate) -> Done:
        done = await one.start(exam.id, "exam")
        attempts[one.user] = done.said["attempt"]["id"]
        return done

    async def hand_in(one: Candidate) -> Done:
        return await one.submit(attempts[one.user], "exam", ALL_ANSWERS)

    starting = at_once(crowd, _loop_s(when.opens), STARTS_WITHIN_S, start)
    started, start_load = await watch.over(starting)
    begun = [one for one in crowd if one.user in attempts]
    begins_s = _loop_s(when.closes) - HANDS_IN_WITHIN_S
    await asyncio.sleep(begins_s - asyncio.get_running_loop().time())
    handing_in = at_once(begun, begins_s, HANDS_IN_WITHIN_S, hand_in)
    handed_in, hand_in_load = await watch.over(handing_in)
    return Rush(
        prepared_s,
        started,
        start_load,
        handed_in,
        hand_in_load,
        handed_in.all_s - HANDS_IN_WITHIN_S,
        await _losses(exam, started, handed_in),
    )


async def _losses(exam: Exam, started: Crowd, handed_in: Crowd) -> Losses:
    tenant = exam.campus.tenant
    events = await exam.service.fetch(EVENTS, tenant, EXAM)
    answered = await exam.service.fetch(ANSWERED, tenant, EXAM)
    return losses(started, handed_in, events, answered)


def _loop_s(instant: datetime) -> float:
    """The same moment on the scale of the loop."""
    ahead = instant - SystemClock().now()
    return asyncio.get_running_loop().time() + ahead.total_seconds()
