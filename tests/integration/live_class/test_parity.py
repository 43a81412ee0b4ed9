"""The service and the monolith's adapter give one and the same timetable, hour by hour."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from legacy.monolith import seed
from legacy.monolith.database import Connection
from legacy.zones import to_local, to_utc
from resolvers.ports import LiveClasses
from services.contracts import events as said
from services.contracts.ids import LiveClassId
from tests.contract import monolith
from tests.contract.copying import copy
from tests.contract.school import BIOLOGY, EMPTY, HISTORY, NOWHERE, school
from tests.fakes.tenant import LEARNER, NOW, OPERATOR, OTHER, TEACHER, class_id, course_id
from tests.integration.live_class.campus import Campus
from tests.signing import gateway_of
from tests.stack import Stack

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER_BEGINS = datetime(2026, 3, 29, 1, tzinfo=UTC)
SUMMER_ENDS = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""The hour from two to three comes twice on the walls of Berlin."""

CLASSES = 90
NOBODY = 4_242


@dataclass(frozen=True, slots=True)
class Both:
    campus: Campus
    legacy: LiveClasses

    @property
    def service(self) -> LiveClasses:
        return self.campus.client


@pytest.fixture
async def both(campus: Campus, monolith_db: Connection, stack: Stack) -> AsyncIterator[Both]:
    """One tenant in Berlin on either side, its classes crowded round the changes of the clock."""
    tenant = f"{campus.tenant}-berlin"
    held = school(tenant)
    held.live_classes.clear()
    berlin = Campus(tenant, held, campus.pool, campus.client)
    await copy(held, tenant, monolith_db)
    await monolith_db.execute("UPDATE tenants SET timezone = $2 WHERE id = $1", tenant, BERLIN.key)
    await berlin.open()
    await _schedule(berlin, monolith_db, Random(7))
    secret = (stack.home / "keys" / "legacy").read_text().strip()
    async with monolith.sources(stack.monolith, secret, signer=gateway_of(stack.home)) as sources:
        yield Both(berlin, sources.live_classes)


async def _schedule(campus: Campus, monolith_db: Connection, dice: Random) -> None:
    for _ in range(CLASSES):
        course = dice.choice([BIOLOGY, HISTORY])
        teacher = dice.choice([int(TEACHER), NOBODY, None])
        around = dice.choice([SUMMER_BEGINS, SUMMER_ENDS, NOW])
        instant = around + timedelta(minutes=15 * dice.randint(-16, 16))
        texts = [to_local(at, BERLIN) for at in (instant, instant + timedelta(minutes=45))]
        starts, ends = map(datetime.fromisoformat, texts)
        title = f"{instant:%d %H:%M}"
        number = await seed.live_class(
            monolith_db, campus.tenant, course, starts, ends, title, teacher
        )
        instants = [to_utc(text, BERLIN) for text in texts]
        one = said.ClassScheduled(number, course, title, teacher, *instants)
        await campus.happens(f"class/{number}", one)


def spans() -> Iterator[tuple[datetime, datetime]]:
    for around in (SUMMER_BEGINS, SUMMER_ENDS, NOW):
        # A bound inside the hour that comes twice has no one instant at the monolith.
        for hours in (-4, -3, -2, 2, 3):
            since = around + timedelta(hours=hours, minutes=7, microseconds=5)
            yield since, since + timedelta(hours=5)


@pytest.mark.parametrize("user", [LEARNER, OTHER, TEACHER, OPERATOR])
async def test_courses_have_the_same_classes_on_both_sides(both: Both, user: str) -> None:
    asking = both.campus.asking(user)
    ids = [course_id(both.campus.tenant, n) for n in (HISTORY, NOWHERE, EMPTY, BIOLOGY, HISTORY)]

    for since, until in [(None, None), *spans()]:
        old = await both.legacy.of_courses(asking, ids, since, until)
        new = await both.service.of_courses(asking, ids, since, until)
        assert new == old, (since, until)


@pytest.mark.parametrize("user", [LEARNER, OTHER, OPERATOR])
async def test_agendas_are_the_same_on_both_sides(both: Both, user: str) -> None:
    asking, seen = both.campus.asking(user), 0

    for since, until in spans():
        old = await both.legacy.agenda(asking, since, until)
        new = await both.service.agenda(asking, since, until)
        assert new == old, (since, until)
        seen += len(old) if isinstance(old, list) else 0

    assert (seen == 0) is (user == OPERATOR)


async def test_each_class_is_the_same_by_its_id(both: Both) -> None:
    ids: list[LiveClassId] = [class_id(both.campus.tenant, n) for n in range(1, CLASSES + 2)]

    for user in (LEARNER, OTHER, OPERATOR):
        asking = both.campus.asking(user)
        assert await both.service.many(asking, ids) == await both.legacy.many(asking, ids)
