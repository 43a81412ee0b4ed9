"""Courses, lessons, progress and rosters."""

import pytest

from legacy.monolith import seed
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import (
    LEARNER,
    OPERATOR,
    OTHER_LEARNER,
    PROCTOR,
    TEACHER,
    School,
)


@pytest.mark.parametrize("user", [TEACHER, OPERATOR])
async def test_teachers_of_the_course_and_operators_rename_it(
    biology: School, sign_in: SignIn, user: int
) -> None:
    browser = await sign_in(biology, user)

    renamed = await browser.post(f"/courses/{biology.course}/rename", json={"title": "  Life "})
    again = await browser.get(f"/courses/{biology.course}")

    assert renamed.json() == again.json() == {"id": 1, "code": "BIO-1", "title": "Life"}


async def test_a_learner_does_not_rename(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)

    refused = await browser.post(f"/courses/{biology.course}/rename", json={"title": "Life"})
    course = await browser.get(f"/courses/{biology.course}")

    assert (refused.status_code, course.json()["title"]) == (403, "Biology")


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, None, 7, "\x00"])
async def test_a_title_that_is_none_is_refused(
    biology: School, sign_in: SignIn, title: object
) -> None:
    browser = await sign_in(biology, TEACHER)

    refused = await browser.post(f"/courses/{biology.course}/rename", json={"title": title})

    assert refused.status_code == 400
    assert refused.json()["error"]


async def test_200_characters_are_a_title(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, TEACHER)

    renamed = await browser.post(f"/courses/{biology.course}/rename", json={"title": "é" * 200})

    assert renamed.status_code == 200


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b'"title"', b'{"title": NaN}', b'{"title": "\\ud800"}']
)
async def test_a_body_that_makes_no_sense_is_refused(
    biology: School, sign_in: SignIn, body: bytes
) -> None:
    browser = await sign_in(biology, TEACHER)

    refused = await browser.post(f"/courses/{biology.course}/rename", content=body)

    assert refused.status_code == 400
    assert refused.json()["error"]


async def test_a_lesson_completed_twice_is_completed_once(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, LEARNER)
    lesson = biology.lessons[0]

    first = await browser.post(f"/lessons/{lesson}/complete")
    second = await browser.post(f"/lessons/{lesson}/complete")
    progress = await browser.get(f"/courses/{biology.course}/progress")
    shown = await browser.get(f"/lessons/{lesson}")

    assert first.json() == second.json() == shown.json()
    assert progress.json() == {"done": 1, "total": 4}


@pytest.mark.parametrize("user", [TEACHER, OPERATOR])
async def test_only_learners_complete(biology: School, sign_in: SignIn, user: int) -> None:
    browser = await sign_in(biology, user)

    refused = await browser.post(f"/lessons/{biology.lessons[0]}/complete")

    assert refused.status_code == 403


async def test_the_outline_marks_my_own_lessons_only(biology: School, sign_in: SignIn) -> None:
    mine, others = await sign_in(biology, LEARNER), await sign_in(biology, OTHER_LEARNER)
    await mine.post(f"/lessons/{biology.lessons[1]}/complete")
    await others.post(f"/lessons/{biology.lessons[2]}/complete")

    outline = (await mine.get(f"/courses/{biology.course}/outline")).json()["modules"]

    assert [module["title"] for module in outline] == ["Cells", "Genes"]
    lessons = [lesson for module in outline for lesson in module["lessons"]]
    assert [lesson["done"] for lesson in lessons] == [False, True, False, False]
    assert [lesson["type"] for lesson in lessons] == ["TEXT", "VIDEO", "QUIZ", "LIVE"]


async def test_progress_of_others_is_for_teachers(biology: School, sign_in: SignIn) -> None:
    learner, teacher = await sign_in(biology, LEARNER), await sign_in(biology, TEACHER)
    await learner.post(f"/lessons/{biology.lessons[0]}/complete")
    asked = f"/courses/{biology.course}/progress"

    told = await teacher.get(asked, params={"user": LEARNER})
    refused = await learner.get(asked, params={"user": OTHER_LEARNER})
    own = await learner.get(asked, params={"user": LEARNER})

    assert told.json() == own.json() == {"done": 1, "total": 4}
    assert refused.status_code == 403


async def test_a_roster_is_read_page_by_page(biology: School, sign_in: SignIn) -> None:
    for user in range(10, 15):
        await seed.person(biology.db, biology.tenant, user)
        await seed.enrol(biology.db, biology.tenant, biology.course, user)
    browser = await sign_in(biology, TEACHER)

    read: list[int] = []
    while True:
        params = {"after": read[-1] if read else 0, "limit": 3}
        page = (await browser.get(f"/courses/{biology.course}/roster", params=params)).json()
        assert page["total"] == 7
        if not page["learners"]:
            break
        read += [learner["id"] for learner in page["learners"]]

    assert read == [4, 5, 10, 11, 12, 13, 14]


@pytest.mark.parametrize("params", [{"limit": "-1"}, {"after": "x"}, {"limit": "9" * 30}])
async def test_a_page_that_is_none_is_refused_or_bounded(
    biology: School, sign_in: SignIn, params: dict[str, str]
) -> None:
    browser = await sign_in(biology, TEACHER)

    answer = await browser.get(f"/courses/{biology.course}/roster", params=params)

    assert answer.status_code == (200 if params == {"limit": "9" * 30} else 400)


@pytest.mark.parametrize("user", [LEARNER, PROCTOR])
async def test_a_roster_is_for_teachers(biology: School, sign_in: SignIn, user: int) -> None:
    browser = await sign_in(biology, user)

    refused = await browser.get(f"/courses/{biology.course}/roster")

    assert refused.status_code == 403
