"""D13: events that cannot be read or applied wait with their streams; the others flow."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from services.contracts.events import PARTITIONS, Event
from services.events import applied
from services.events.news import News, news
from services.events.projector import Projector
from services.events.retrying import waiting
from services.storage.db import Connection
from tests.faults.projected import COURSE, SOURCE, Heard, Projected, done, projected, stream_of
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.events.reading import at_work
from tests.integration.monolith.waiting import until
from tests.stack import Stack

OTHERS = range(1, 9)
BAD = 1_000
"""The first user of whom something is told that cannot be taken."""
BETWEEN_S, ALLOWED_S = 0.05, 1.0
REPAIRED = """
UPDATE parked SET data = jsonb_build_object('type', 'LessonsCompleted', 'course', $1::bigint,
    'user', split_part(stream, '/', 4)::bigint, 'lessons', '[2]'::jsonb)::text
WHERE version = 2
"""


@pytest.fixture
async def both(stack: Stack) -> AsyncIterator[Projected]:
    async with projected(stack.database, stack.redis, "banyan_test_d13") as made:
        yield made


async def test_d13_a_poison_event_holds_up_its_own_stream_alone(
    both: Projected, figure: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard(both.topics)
    projector = Projector(both.app, both.feed, SOURCE, heard, both.bell)
    async with at_work(both.relay().duties(), projector.duties()):
        written = await write(both, n("D13"))
        await until(lambda: has_all_of_others(heard, written))

    lag_s = max(heard.ages[stream_of(user)] for user in OTHERS)
    parked = len(await waiting(both.app))
    alarms = sum(record.message == "projector.parked" for record in caplog.records)
    figure("D13", poison=n("D13"), parked=parked, alarms=alarms, others_lag_s=lag_s)
    assert (parked, alarms) == (n("D13"), n("D13"))
    assert lag_s <= ALLOWED_S

    wrong = await out_of_order_after_repair(both, heard)
    figure("D13", out_of_order_after_repair=wrong)
    assert wrong == 0


async def test_d13_fails_without_parking(both: Projected, figure: Recorder) -> None:
    heard = Heard(both.topics)
    projector = WithoutParking(both.app, both.feed, SOURCE, heard, both.bell)
    async with at_work(both.relay().duties(), projector.duties()):
        written = await write(both, 10)
        await asyncio.sleep(ALLOWED_S * 2)

    late = sum(written[user] - len(heard.versions(stream_of(user))) for user in OTHERS)
    figure("D13", others_still_waiting_without_parking=late)
    assert late > 0


async def write(both: Projected, poison: int) -> dict[int, int]:
    """Of each poisoned stream four events, of which the second is bad; gives what others have."""
    written = dict.fromkeys(OTHERS, 0)
    for nth in range(poison):
        user = BAD + nth
        await both.tell(done(user, 1), (user, spoilt(nth, user)), done(user, 3), done(user, 4))
        await both.tell(*(done(other, nth) for other in OTHERS))
        written = {other: count + 1 for other, count in written.items()}
        await asyncio.sleep(BETWEEN_S)
    return written


def spoilt(nth: int, user: int) -> object:
    """By turns in words nobody knows, in a form that is none, and with a number beyond any id."""
    kinds: list[object] = [
        {"type": "LessonsForgotten", "course": COURSE, "user": user},
        {"type": "LessonsCompleted", "course": "the seventh"},
        {"type": "LessonsCompleted", "course": COURSE, "user": user, "lessons": [2**70]},
    ]
    return kinds[nth % len(kinds)]


async def has_all_of_others(heard: Heard, written: dict[int, int]) -> bool:
    return all(len(heard.versions(stream_of(user))) == written[user] for user in OTHERS)


async def out_of_order_after_repair(both: Projected, heard: Heard) -> int:
    """Another release begins, which understands; streams that are not 1, 2, 3, 4 by then."""
    await both.app.execute(REPAIRED, COURSE)
    projector = Projector(both.app, both.feed, SOURCE, heard, both.bell)
    for partition in range(PARTITIONS):
        await projector.retry(partition)
    assert await waiting(both.app) == []
    users = range(BAD, BAD + n("D13"))
    whole = {user for user, lessons in (await both.completed()).items() if lessons == {1, 2, 3, 4}}
    return sum(
        heard.versions(stream_of(user)) != [1, 2, 3, 4] for user in users if user in whole
    ) + (len(set(users) - whole))


class WithoutParking(Projector):
    """Has every event applied or none."""

    async def _project(self, connection: Connection, events: Sequence[Event]) -> News:
        found = news(events, await applied.lock(connection, events))
        await self._projection.apply(connection, found.fresh)
        if any("Unreadable" in type(event.data).__name__ for event in found.fresh):
            raise ConnectionError("The feed did not answer as agreed.")
        await applied.mark(connection, found.fresh)
        return found
