"""The feeder says how far the old side is: in its own streams, and in those it was brought."""

import httpx
import msgspec
from starlette.applications import Starlette

from legacy.feeder.mirroring import MOVE
from legacy.feeder.versions import versions_route
from services.contracts.completions import Way
from services.contracts.versions_api import VERSIONS, Streams
from services.contracts.viewer_headers import headers_of
from services.storage.db import Pool
from tests.fakes.tenant import viewer
from tests.integration.monolith.school import LEARNER, School

COMPLETE = "INSERT INTO completions VALUES ($1, $2, $3, $4, '2026-03-10')"
SOURCE = "progress"


async def versions(pool: Pool, school: School) -> dict[str, int]:
    way = way_of(school)
    transport = httpx.ASGITransport(Starlette(routes=[versions_route(pool)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://feeder") as client:
        content = msgspec.json.encode(Streams([*way.streams, "legacy:completions/nobody/1/1"]))
        answer = await client.post(
            VERSIONS.path, content=content, headers=headers_of(viewer(school.tenant))
        )
    found: dict[str, int] = answer.json()
    return found


def way_of(school: School) -> Way:
    return Way(school.tenant, school.course, LEARNER)


async def test_of_what_never_happened_nothing_is_said(pool: Pool, biology: School) -> None:
    assert await versions(pool, biology) == {}


async def test_a_change_is_known_as_soon_as_it_is_done(pool: Pool, biology: School) -> None:
    for number, lesson in enumerate(biology.lessons[:2], 1):
        await biology.db.execute(COMPLETE, biology.tenant, lesson, LEARNER, biology.course)

        known = await versions(pool, biology)

        assert known == {f"legacy:{way_of(biology).stream}": number}


async def test_what_was_brought_is_known_and_never_less(pool: Pool, biology: School) -> None:
    stream = f"{SOURCE}:{way_of(biology).stream}"
    for version in (1, 3, 2):
        await pool.execute(MOVE, SOURCE, 0, version, stream, version)

    assert await versions(pool, biology) == {stream: 3}
