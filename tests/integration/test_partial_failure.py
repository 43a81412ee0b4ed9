"""A dashboard of twenty courses, one of which the monolith cannot answer for."""

from pathlib import Path

from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.kit.home import running
from tests import pair
from tests.faults.tampering import tampering
from tests.learner import Someone, codes, nodes, token
from tests.system import NUMBERS, System

DASHBOARD = """{ viewer { courses(first: 20) { edges { node {
  title progress { completed total } outline { title }
} } } } }"""
BROKEN = 7


async def twenty_courses(db: Connection, kind_in_the_broken: str = "TEXT") -> str:
    tenant = await seed.tenant(db, f"twenty-{next(NUMBERS)}")
    await seed.person(db, tenant, 4)
    for number in range(1, 21):
        kind = kind_in_the_broken if number == BROKEN else "TEXT"
        modules = [("Week 1", [("Reading", kind)])]
        await seed.course(db, tenant, number, f"Course {number:02}", modules=modules)
        await seed.enrol(db, tenant, number, 4)
    return tenant


async def test_nineteen_of_twenty_live_when_progress_fails_for_one(
    system: System, monolith_db: Connection, tmp_path: Path
) -> None:
    tenant = await twenty_courses(monolith_db)
    secret = (system.stack.home / "keys" / "legacy").read_text().strip()
    async with tampering(running(system.stack.home).monolith) as proxy:
        proxy.failing[f"/courses/{BROKEN}/progress"] = 500
        with pair.gateway(tmp_path, proxy.url, legacy_secret=secret) as gateway:
            anna = Someone(gateway.url, token(tmp_path, tenant, 4))
            answer = await anna.answer(DASHBOARD)
            await anna.close()

    courses = nodes(answer["data"]["viewer"]["courses"])
    assert len(courses) == 20
    assert [course["title"] for course in courses if course["progress"] is None] == ["Course 07"]
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"]
    path = ["viewer", "courses", "edges", BROKEN - 1, "node", "progress"]
    assert answer["errors"][0]["path"] == path


async def test_a_word_that_nobody_knows_spoils_its_own_course_only(
    system: System, monolith_db: Connection
) -> None:
    tenant = await twenty_courses(monolith_db, kind_in_the_broken="HOLOGRAM")
    anna = system.someone(tenant, 4)

    answer = await anna.answer(DASHBOARD)

    courses = nodes(answer["data"]["viewer"]["courses"])
    assert [course["title"] for course in courses if course["outline"] is None] == ["Course 07"]
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"]
