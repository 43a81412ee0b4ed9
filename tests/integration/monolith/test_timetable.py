"""Live classes as they are scheduled."""

import pytest

from legacy.monolith import seed
from legacy.monolith.local_time import read
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import LEARNER, OPERATOR, STRANGER, TEACHER, School


@pytest.fixture
async def classes(biology: School) -> list[int]:
    """Three days of classes, written in no order; the second has no teacher."""
    days = {"03": TEACHER, "01": TEACHER, "02": None}
    made = {
        day: await seed.live_class(
            biology.db,
            biology.tenant,
            biology.course,
            read(f"2026-03-{day} 09:00:00"),
            read(f"2026-03-{day} 10:30:00"),
            f"Class of the {day}",
            teacher,
        )
        for day, teacher in days.items()
    }
    return [made[day] for day in sorted(made)]


async def test_classes_come_in_order_of_their_start(
    biology: School, sign_in: SignIn, classes: list[int]
) -> None:
    browser = await sign_in(biology, LEARNER)

    of_course = (await browser.get(f"/courses/{biology.course}/classes")).json()
    agenda = (await browser.get("/my/agenda")).json()

    assert [found["id"] for found in of_course["classes"]] == classes
    assert agenda == of_course


async def test_a_window_takes_its_beginning_and_leaves_its_end(
    biology: School, sign_in: SignIn, classes: list[int]
) -> None:
    browser = await sign_in(biology, LEARNER)
    window = {"from": "2026-03-01 09:00:00", "to": "2026-03-03 09:00:00"}

    found = (await browser.get("/my/agenda", params=window)).json()["classes"]

    assert [one["id"] for one in found] == classes[:2]


async def test_a_class_names_its_teacher_or_none(
    biology: School, sign_in: SignIn, classes: list[int]
) -> None:
    browser = await sign_in(biology, LEARNER)

    first = (await browser.get(f"/classes/{classes[0]}")).json()
    second = (await browser.get(f"/classes/{classes[1]}")).json()

    assert first == {
        "id": classes[0],
        "course": biology.course,
        "title": "Class of the 01",
        "teacher": {"id": TEACHER, "name": "Teacher"},
        "starts": "2026-03-01 09:00:00",
        "ends": "2026-03-01 10:30:00",
    }
    assert second["teacher"] is None


async def test_classes_of_a_course_are_for_those_in_it(
    biology: School, sign_in: SignIn, classes: list[int]
) -> None:
    stranger, operator = await sign_in(biology, STRANGER), await sign_in(biology, OPERATOR)

    assert (await stranger.get(f"/classes/{classes[0]}")).status_code == 403
    assert (await stranger.get("/my/agenda")).json() == {"classes": []}
    assert (await operator.get(f"/classes/{classes[0]}")).status_code == 200
    assert (await operator.get("/classes/99")).status_code == 404


async def test_a_window_of_another_form_is_refused(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)

    refused = await browser.get("/my/agenda", params={"from": "2026-03-01T09:00:00Z"})

    assert refused.json() == {"error": "from must be written YYYY-MM-DD HH:MM:SS."}
    assert refused.status_code == 400
