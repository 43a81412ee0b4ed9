"""The service knows which classes the monolith holds, and in what state."""

from services.contracts.class_events import ClassHeld
from services.contracts.classroom import ClassDeed, JoinTicket
from services.contracts.live_class import LiveClassState
from services.live_class.rights import WORKER
from services.live_class.room.deciding import ELSEWHERE
from services.storage import db
from tests.contract.school import BIOLOGY
from tests.integration.live_class.campus import Campus
from tests.integration.live_class.lecture import CLASS, COURSE, TEACHER, Lecture

AT_THE_MONOLITH = "room/42"
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


async def test_a_class_that_the_monolith_holds_is_opened_nowhere_else(lecture: Lecture) -> None:
    await lecture.happens({AT_THE_MONOLITH: ClassHeld(CLASS, COURSE, LiveClassState.LIVE)})

    assert await lecture.joins(10) == ELSEWHERE
    assert await lecture.does(TEACHER, ClassDeed.START) == ELSEWHERE
    assert await lecture.room() is None


async def test_a_class_that_the_monolith_has_ended_is_opened_here(lecture: Lecture) -> None:
    await lecture.happens({AT_THE_MONOLITH: ClassHeld(CLASS, COURSE, LiveClassState.ENDED)})

    assert isinstance(await lecture.joins(10), JoinTicket)


async def test_a_class_that_was_open_here_first_goes_on(lecture: Lecture) -> None:
    await lecture.joins(10)
    await lecture.happens({AT_THE_MONOLITH: ClassHeld(CLASS, COURSE, LiveClassState.LIVE)})

    assert isinstance(await lecture.joins(11), JoinTicket)
