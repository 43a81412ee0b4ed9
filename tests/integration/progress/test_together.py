"""Many viewers' own answers are one call, and none is told more or less than alone."""

import asyncio
from dataclasses import replace

from gateway.together.courses import CoursesTogether
from gateway.together.kinds import Kinds
from services.contracts.completions import Way
from services.contracts.errors import HIDDEN, UpstreamUnreachable
from services.contracts.events import EnrolmentChanged, LessonsCompleted
from services.contracts.ids import learner_id
from services.contracts.learning import Enrolment, Progress, Role
from services.contracts.progress_api import (
    COMPLETED_OF_MANY,
    ENROLMENTS,
    ENROLMENTS_OF_MANY,
    PROGRESS,
    PROGRESS_OF_MANY,
)
from services.kit.asking import ServiceClient
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from tests.contract.school import BIOLOGY, CLASSMATES, EMPTY, HISTORY, NOWHERE
from tests.contract.side import given
from tests.fakes.tenant import LEARNER, OPERATOR, OTHER, TEACHER, course_id
from tests.figures import Recorder
from tests.integration.progress.campus import NOBODY, WAITS_S, Campus
from tests.integration.progress.joined import Joined

STRANGER = "77"
EVERYBODY = [LEARNER, OTHER, TEACHER, OPERATOR, STRANGER, *CLASSMATES]
COURSES = [BIOLOGY, HISTORY, EMPTY, NOWHERE]
CROWD = range(1_001, 1_501)


async def crowd_enrols(campus: Campus) -> None:
    await campus.take(
        [
            campus.next(
                f"enrolment/{{}}/{BIOLOGY}/{one}", EnrolmentChanged(BIOLOGY, one, Role.LEARNER)
            )
            for one in CROWD
        ]
    )


async def test_enrolments_of_500_viewers_are_one_call(joined: Joined, figure: Recorder) -> None:
    await crowd_enrols(joined.campus)
    courses = joined.sources.courses

    found = await asyncio.gather(*(courses.enrolments(joined.asking(f"{one}")) for one in CROWD))

    figure("together", viewers=len(CROWD), calls=joined.door.asked.total())
    assert joined.door.asked == {ENROLMENTS_OF_MANY.path: 1}
    biology = joined.campus.held.courses[course_id(joined.campus.tenant, BIOLOGY)]
    assert list(found) == [[Enrolment(biology, Role.LEARNER)]] * len(CROWD)


async def test_enrolments_of_500_viewers_are_500_calls_one_by_one(joined: Joined) -> None:
    courses = joined.campus.sources.courses

    await asyncio.gather(*(courses.enrolments(joined.asking(f"{one}")) for one in CROWD))

    assert joined.door.asked == {ENROLMENTS.path: len(CROWD)}


async def test_progress_of_500_viewers_is_one_call(joined: Joined) -> None:
    await crowd_enrols(joined.campus)
    course, progress = [course_id(joined.campus.tenant, BIOLOGY)], joined.sources.progress

    found = await asyncio.gather(*(progress.mine(joined.asking(f"{one}"), course) for one in CROWD))

    assert joined.door.asked == {PROGRESS_OF_MANY.path: 1}
    own = [given(one).learner_id for [one] in found]
    assert own == [learner_id(joined.campus.tenant, one) for one in CROWD]


async def test_everybody_is_told_together_what_they_are_told_alone(joined: Joined) -> None:
    campus, together = joined.campus, joined.sources
    await campus.happens(
        f"completions/{{}}/{BIOLOGY}/{LEARNER}", LessonsCompleted(BIOLOGY, int(LEARNER), [3, 5])
    )
    ids = [course_id(campus.tenant, number) for number in COURSES]
    callers = [joined.asking(user) for user in EVERYBODY]

    taken = await asyncio.gather(*(together.courses.enrolments(who) for who in callers))
    own = await asyncio.gather(*(together.progress.mine(who, ids) for who in callers))
    done = await asyncio.gather(*(together.courses.completed(who, ids) for who in callers))
    calls = dict(joined.door.asked)

    paths = (ENROLMENTS_OF_MANY.path, PROGRESS_OF_MANY.path, COMPLETED_OF_MANY.path)
    assert calls == dict.fromkeys(paths, 1)
    assert list(taken) == [await campus.sources.courses.enrolments(who) for who in callers]
    assert list(own) == [await campus.sources.progress.mine(who, ids) for who in callers]
    assert list(done) == [await campus.sources.courses.completed(who, ids) for who in callers]
    assert own[EVERYBODY.index(STRANGER)] == [HIDDEN] * len(ids)


async def test_one_alone_asks_as_before(joined: Joined) -> None:
    who = joined.asking(LEARNER)

    await joined.sources.courses.enrolments(who)
    await joined.sources.progress.mine(who, [course_id(joined.campus.tenant, BIOLOGY)])

    assert joined.door.asked == {ENROLMENTS.path: 1, PROGRESS.path: 1}


async def test_who_has_seen_more_waits_for_it_and_nobody_else_does(joined: Joined) -> None:
    campus = joined.campus
    way, course = Way(campus.tenant, BIOLOGY, LEARNER), [course_id(campus.tenant, BIOLOGY)]
    ahead = campus.versions.get(way.stream, 0) + 1
    knowing = replace(joined.asking(LEARNER), seen={f"legacy:{way.stream}": ahead})
    mine = joined.sources.progress.mine

    async with asyncio.TaskGroup() as work:
        asked = work.create_task(mine(knowing, course))
        other = work.create_task(mine(joined.asking(OTHER), course))
        await other
        is_waiting = not asked.done()
        await campus.happens(
            f"completions/{{}}/{BIOLOGY}/{LEARNER}", LessonsCompleted(BIOLOGY, int(LEARNER), [3])
        )

    [found] = asked.result()
    assert is_waiting
    assert isinstance(found, Progress)
    assert found.completed == 2
    assert joined.door.asked == {PROGRESS_OF_MANY.path: 1, PROGRESS.path: 1}


async def test_a_viewer_who_leaves_harms_nobody(joined: Joined) -> None:
    enrolments = joined.sources.courses.enrolments
    asked = [asyncio.ensure_future(enrolments(joined.asking(one))) for one in EVERYBODY]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    asked[0].cancel()
    found = await asyncio.gather(*asked[1:])

    alone = joined.campus.sources.courses
    assert list(found) == [await alone.enrolments(joined.asking(one)) for one in EVERYBODY[1:]]


async def test_a_service_that_is_away_fails_each(joined: Joined) -> None:
    gone = ServiceClient(HttpTransport(2), "progress", NOBODY, WAITS_S)
    away = Kinds.of(gone, SystemClock(), WAITS_S)
    courses = CoursesTogether(joined.campus.sources.courses, away.enrolments, away.completed)

    found = await asyncio.gather(
        *(courses.enrolments(joined.asking(one)) for one in EVERYBODY), return_exceptions=True
    )

    assert [one for one in found if not isinstance(one, UpstreamUnreachable)] == []
