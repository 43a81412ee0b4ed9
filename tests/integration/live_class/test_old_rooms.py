"""The service knows which classes the monolith holds, and in what state."""

from services.contracts.class_events import ClassHeld
from services.contracts.live_class import LiveClassState
from services.live_class.rights import WORKER
from services.storage import db
from tests.contract.school import BIOLOGY
from tests.integration.live_class.campus import Campus

HELD = "SELECT id, course_id, state FROM old_rooms"


async def test_a_class_of_the_monolith_is_known_as_it_is_held(
    campus: Campus, live_class_url: str
) -> None:
    found = []
    async with db.pool(live_class_url, size=1, role=WORKER) as worker:
        for state in (LiveClassState.OPEN, LiveClassState.LIVE, LiveClassState.ENDED):
            await campus.happens("room/3", ClassHeld("l3", BIOLOGY, state))
            async with db.reading(worker, campus.tenant) as connection:
                found += [tuple(row) for row in await connection.fetch(HELD)]

    assert found == [(3, BIOLOGY, state) for state in ("OPEN", "LIVE", "ENDED")]
