"""`banyan classes import` on the running system: a learner sees what was planned, by GraphQL."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from legacy.monolith import seed
from legacy.monolith.database import Connection
from tests.integration.monolith.waiting import until
from tests.sides import turn
from tests.stack import Stack
from tests.system import NUMBERS, System
from tests.unit.services.live_class.schedule.written import calendar, event

BANYAN = Path(sys.executable).with_name("banyan")
AGENDA = """query ($from: DateTime!, $to: DateTime!) { viewer {
  agenda(from: $from, to: $to) { id title startsAt state }
} }"""
ONE = "query ($id: ID!) { liveClass(id: $id) { title startsAt } }"
SPAN = {"from": "2030-03-01T00:00:00Z", "to": "2030-04-01T00:00:00Z"}
DATES = ("--since", "2030-01-01", "--until", "2031-01-01")
LEARNERS = 3


@dataclass(frozen=True, slots=True)
class Told:
    code: int
    out: str
    err: str


async def banyan(stack: Stack, *arguments: object) -> Told:
    """The command as somebody types it beside the system."""
    environ = {**os.environ, "BANYAN_HOME": str(stack.home)}
    process = await asyncio.create_subprocess_exec(
        str(BANYAN),
        "classes",
        "import",
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environ,
    )
    out, err = await process.communicate()
    return Told(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
async def tenant(stack: Stack, system: System, monolith_db: Connection) -> str:
    """A course of three learners, whose timetable is read at the service."""
    name = await seed.tenant(monolith_db, f"planned-{next(NUMBERS)}")
    await seed.course(monolith_db, name, 1, "Biology", "BIO", [], [])
    for user in range(4, 4 + LEARNERS):
        await seed.person(monolith_db, name, user, f"Learner {user}")
        await seed.enrol(monolith_db, name, 1, user)
    await turn(stack, name, "service", "live_class.schedule")
    return name


def written(path: Path, *events: str) -> Path:
    path.write_bytes(calendar(*events).encode())
    return path


def biology(hour: int = 9, *more: str) -> str:
    start = f"DTSTART;TZID=Europe/Berlin:20300304T{hour:02}0000"
    return event(start, "DURATION:PT90M", "SUMMARY:Biology I", *more)


async def agenda(system: System, tenant: str) -> list[dict[str, str]]:
    answer = await system.someone(tenant, 4).ask(AGENDA, **SPAN)
    found: list[dict[str, str]] = answer["viewer"]["agenda"]
    return found


async def test_a_calendar_is_shown_tried_imported_moved_and_pruned(
    stack: Stack, system: System, tenant: str, tmp_path: Path
) -> None:
    weekly = "RRULE:FREQ=WEEKLY;COUNT=2"
    file = written(tmp_path / "b.ics", biology(9, weekly), event("DTSTART:bad", uid="bad"))
    asked = (file, "--tenant", tenant, "--course-of", "biology*=1", *DATES)
    drawn = tmp_path / "peak.svg"

    async def knows_the_course() -> bool:
        told = await banyan(stack, *asked, "--dry-run", "--svg", drawn)
        return f"{LEARNERS} learners within 5 minutes" in told.out

    await until(knows_the_course, most_s=60)
    tried = await banyan(stack, *asked, "--dry-run")
    assert (tried.code, "(nothing was written)" in tried.out) == (0, True)
    assert "line 11, UID bad: DTSTART is not readable" in tried.out
    assert drawn.read_text().startswith("<svg")
    assert await agenda(system, tenant) == []

    assert (await banyan(stack, *asked, "--strict")).code == 1
    assert await agenda(system, tenant) == []
    first = await banyan(stack, *asked)
    assert (first.code, "2  added" in first.out, first.err) == (0, True, "")
    seen = await agenda(system, tenant)
    assert [one["startsAt"][:16] for one in seen] == ["2030-03-04T08:00", "2030-03-11T08:00"]
    assert (await system.someone(tenant, 4).ask(ONE, id=seen[0]["id"]))["liveClass"] is not None

    again = await banyan(stack, *asked)
    assert "2  unchanged" in again.out
    written(file, biology(10, "RRULE:FREQ=WEEKLY;COUNT=1", "SEQUENCE:1"))
    moved = await banyan(stack, *asked, "--prune")
    assert ("1  changed" in moved.out, "1  removed" in moved.out) == (True, True)

    async def is_seen() -> bool:
        found = await agenda(system, tenant)
        return [(one["id"], one["startsAt"][:16]) for one in found] == [
            (seen[0]["id"], "2030-03-04T09:00")
        ]

    await until(is_seen, most_s=10)


@pytest.mark.parametrize(
    ("text", "more", "code", "why"),
    [
        ("no calendar", (), 1, "Error: The file does not begin with BEGIN:VCALENDAR."),
        (calendar(), ("--course-of", "x"), 1, "Error: 'x' is no rule"),
        (calendar(), ("--zone", "Mars"), 2, "'Mars' is no time zone"),
        (calendar(), ("--until", "2000-01-01"), 2, "--until is not after --since"),
        (calendar(), (), 1, "knows no course of tenant nowhere"),
    ],
)
async def test_what_is_wrong_is_a_sentence(
    stack: Stack, tmp_path: Path, text: str, more: tuple[str, ...], code: int, why: str
) -> None:
    file = tmp_path / "some.ics"
    file.write_text(text)

    told = await banyan(stack, file, "--tenant", "nowhere", *more)

    assert (told.code, why in told.err, "Traceback" in told.err) == (code, True, False)
