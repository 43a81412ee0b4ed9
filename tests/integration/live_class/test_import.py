"""A calendar that is imported into the service's own timetable, over its database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.commands.bus import Bus, Order
from services.contracts import events as said
from services.contracts.class_events import ClassPlanned, ClassUnplanned
from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import Kind, LiveClassId, Side, decode, encode
from services.contracts.learning import Role
from services.events.bell import Bell
from services.events.outbox import Outbox
from services.events.topics import Topics
from services.live_class.migrate import APP
from services.live_class.rights import WORKER
from services.live_class.schedule.courses import Rule
from services.live_class.schedule.ics.calendar import File
from services.live_class.schedule.ics.occurrence import Span
from services.live_class.schedule.importing import Found, Importing, NotImported, Wish
from services.live_class.schedule.plan import Planned
from services.live_class.schedule.planning import PLAN, PlanClasses
from services.storage import db
from tests.contract.school import BIOLOGY, HISTORY
from tests.fakes.changes import FakeChanges
from tests.fakes.tenant import NOW, OTHER, TEACHER, course_id, viewer
from tests.integration.live_class.campus import Campus
from tests.unit.services.live_class.schedule.written import calendar, event

SPAN = Span(NOW, NOW + timedelta(days=60))
HOUR = "DURATION:PT1H"


@pytest.fixture
async def changes() -> FakeChanges:
    return FakeChanges()


@pytest.fixture
async def bus(live_class_url: str, bell: Bell, topics: Topics) -> AsyncIterator[Bus]:
    async with db.pool(live_class_url, size=2, role=WORKER) as pool:
        yield Bus(pool, Outbox(APP), bell, topics.publish)


@pytest.fixture
async def work(live_class_url: str, bus: Bus, changes: FakeChanges) -> AsyncIterator[Importing]:
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(db.pool(live_class_url, size=2, role=WORKER))
        yield Importing(pool, bus, changes)


def weekly(at: datetime, *more: str, uid: str = "cells", title: str = "Cells") -> str:
    start = f"DTSTART:{at:%Y%m%dT%H%M%SZ}"
    return event(start, HOUR, f"SUMMARY:{title}", *more, uid=uid)


def wish(campus: Campus, tmp_path: Path, *events: str, prune: bool = False) -> Wish:
    path = tmp_path / "biology.ics"
    path.write_bytes(calendar(*events).encode())
    rules = [Rule.read(f"cells*={BIOLOGY}:{TEACHER}"), Rule.read(f"rome*={HISTORY}")]
    return Wish(campus.tenant, File.read(path), rules, "biology", None, SPAN, prune)


def quiet(_: int) -> None:
    """Nobody looks."""


async def run(work: Importing, wanted: Wish) -> Found:
    found = await work.look(wanted, quiet)
    await work.write(wanted, found.plan.writes(wanted.prune), quiet)
    return found


async def own(campus: Campus) -> list[str]:
    """Titles of the classes of biology that the service plans itself."""
    sides = ((decode(one.id).side, one.title) for one in await campus.classes(BIOLOGY))
    return [title for side, title in sides if side is Side.SERVICE]


async def events_of(campus: Campus) -> list[tuple[str, int, said.Happened]]:
    rows = await campus.pool.fetch(
        "SELECT * FROM outbox WHERE tenant_id = $1 ORDER BY day, id", campus.tenant
    )
    return [(one.stream, one.version, one.data) for one in Outbox(APP).events(rows)]


TOMORROW = NOW + timedelta(days=1)


async def test_planned_classes_stand_beside_the_monoliths(
    campus: Campus, work: Importing, changes: FakeChanges, tmp_path: Path
) -> None:
    before = await campus.classes(BIOLOGY)
    course = course_id(campus.tenant, BIOLOGY)

    await run(work, wish(campus, tmp_path, weekly(TOMORROW, "RRULE:FREQ=WEEKLY;COUNT=3")))

    after = await campus.classes(BIOLOGY)
    new = [one for one in after if one not in before]
    assert [one.starts_at for one in after] == sorted(one.starts_at for one in after)
    assert [one.starts_at for one in new] == [TOMORROW + timedelta(weeks=n) for n in range(3)]
    assert {one.title for one in new} == {"Cells"}
    assert all(one.teacher is not None for one in new)
    assert changes.said == [f"classes:{campus.tenant}:{BIOLOGY}"]
    agenda = await campus.client.agenda(campus.asking(), NOW, NOW + timedelta(days=60))
    assert isinstance(agenda, list)
    assert [one for one in agenda if one.course_id == course] == [
        one for one in after if one.starts_at >= NOW
    ]
    found = await campus.client.many(campus.asking(), [one.id for one in (*new, *before)])
    assert found == [*new, *before]


async def test_a_planned_class_is_hidden_as_any_other(
    campus: Campus, work: Importing, tmp_path: Path
) -> None:
    await run(work, wish(campus, tmp_path, weekly(TOMORROW, title="Rome", uid="rome")))
    [held] = [one for one in await campus.classes(HISTORY) if one.title == "Rome"]
    stray = LiveClassId(encode(Kind.LIVE_CLASS, campus.tenant, 999_999, Side.SERVICE))

    assert await campus.client.many(campus.asking(OTHER), [held.id, stray]) == [HIDDEN, HIDDEN]
    assert await campus.client.many(campus.asking(), [held.id]) == [held]


async def test_importing_again_changes_nothing(
    campus: Campus, work: Importing, changes: FakeChanges, tmp_path: Path
) -> None:
    wanted = wish(campus, tmp_path, weekly(TOMORROW, "RRULE:FREQ=WEEKLY;COUNT=3"))
    await run(work, wanted)
    told, tags = await events_of(campus), [*changes.said]

    again = await run(work, wanted)

    assert (again.plan.unchanged, again.plan.writes(prune=True)) == (3, [])
    assert await events_of(campus) == told
    assert changes.said == tags
    assert [(version, type(data)) for _, version, data in told] == [(1, ClassPlanned)] * 3


async def test_what_changes_keeps_its_id_and_what_vanishes_goes_when_it_is_pruned(
    campus: Campus, work: Importing, tmp_path: Path
) -> None:
    first, second = weekly(TOMORROW), weekly(TOMORROW, uid="other", title="Cells II")
    await run(work, wish(campus, tmp_path, first, second))
    ids = {one.title: one.id for one in await campus.classes(BIOLOGY)}
    moved = weekly(TOMORROW + timedelta(hours=2), "SEQUENCE:1")

    kept = await run(work, wish(campus, tmp_path, moved))
    assert [one.title for one in kept.plan.vanished] == ["Cells II"]
    assert "Cells II" in {one.title for one in await campus.classes(BIOLOGY)}
    await run(work, wish(campus, tmp_path, moved, prune=True))

    held = {one.title: one for one in await campus.classes(BIOLOGY)}
    assert held["Cells"].id == ids["Cells"]
    assert held["Cells"].starts_at == TOMORROW + timedelta(hours=2)
    assert "Cells II" not in held
    assert await campus.client.many(campus.asking(), [ids["Cells II"]]) == [HIDDEN]
    assert [type(data) for _, _, data in await events_of(campus)] == [
        ClassPlanned,
        ClassPlanned,
        ClassPlanned,
        ClassUnplanned,
    ]


async def test_two_imports_at_once_do_not_plan_a_class_twice(
    campus: Campus, work: Importing, tmp_path: Path
) -> None:
    wanted = wish(campus, tmp_path, weekly(TOMORROW))
    first, second = await work.look(wanted, quiet), await work.look(wanted, quiet)
    other = [replace(one, title="Cells again") for one in second.plan.writes(prune=False)]
    await work.write(wanted, first.plan.writes(prune=False), quiet)

    with pytest.raises(NotImported, match="changed this timetable meanwhile"):
        await work.write(wanted, other, quiet)

    await work.write(wanted, first.plan.writes(prune=False), quiet)
    assert await own(campus) == ["Cells"]


async def test_a_row_that_somebody_else_changed_is_not_written_over(
    campus: Campus, work: Importing, bus: Bus, tmp_path: Path
) -> None:
    await run(work, wish(campus, tmp_path, weekly(TOMORROW)))
    found = await work.look(wish(campus, tmp_path, weekly(TOMORROW)), quiet)
    [row] = [one for one in found.held if one.uid == "cells"]
    actor = viewer(campus.tenant)

    async def rename(title: str, key: str) -> object:
        changed: list[Planned] = [replace(row, title=title)]
        return await bus.execute(PLAN, Order(actor, key, PlanClasses(changed)))

    assert not isinstance(await rename("One", "k1"), Refused)
    refused = await rename("Two", "k2")

    assert isinstance(refused, Refused)
    assert refused.code is ErrorCode.VERSION_CONFLICT
    assert await own(campus) == ["One"]


async def test_a_rule_for_a_course_that_is_not_there_is_refused(
    campus: Campus, work: Importing, tmp_path: Path
) -> None:
    wanted = replace(wish(campus, tmp_path, weekly(TOMORROW)), rules=[Rule.read("*=4040")])

    with pytest.raises(NotImported, match="no course 4040, which a rule names"):
        await work.look(wanted, quiet)


async def test_the_same_calendar_of_another_tenant_is_another(
    campus: Campus, work: Importing, tmp_path: Path
) -> None:
    other = Campus(f"{campus.tenant}-next-door", campus.held, campus.pool, campus.client)
    await other.open()
    await run(work, wish(campus, tmp_path, weekly(TOMORROW)))

    found = await work.look(wish(other, tmp_path, weekly(TOMORROW)), quiet)

    assert [one.uid for one in found.plan.added] == ["cells"]
    assert await own(other) == []


async def test_expected_learners_are_those_enrolled_and_not_who_teaches(
    campus: Campus, work: Importing, tmp_path: Path
) -> None:
    for user in range(5_000, 5_040):
        joined = said.EnrolmentChanged(BIOLOGY, user, Role.LEARNER)
        await campus.happens(f"enrolment/{BIOLOGY}/{user}", joined)
    wanted = wish(campus, tmp_path, weekly(datetime(2026, 3, 20, 9, tzinfo=UTC)))
    found = await work.look(wanted, quiet)
    learners = sum(
        role is Role.LEARNER
        for role in campus.held.enrolled[course_id(campus.tenant, BIOLOGY)].values()
    )

    sittings = found.campus.sittings(found.held, found.plan.writes(prune=False), SPAN)

    [sitting] = [one for one in sittings if one.starts_at == datetime(2026, 3, 20, 9, tzinfo=UTC)]
    assert sitting.learners == learners + 40
    assert len(sittings) > 1
