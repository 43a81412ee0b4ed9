"""A learner's whole life on the monolith alone."""

from legacy.monolith import seed
from tests.integration.monolith.conftest import SignIn
from tests.integration.monolith.school import LEARNER, STRANGER, TEACHER, School
from tests.unit.legacy.monolith.questions import RIGHT


async def test_from_enrolment_to_the_score(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, STRANGER)
    assert (await browser.get("/my/courses")).json() == {"courses": []}

    await seed.enrol(biology.db, biology.tenant, biology.course, STRANGER)
    courses = (await browser.get("/my/courses")).json()["courses"]
    outline = (await browser.get(f"/courses/{biology.course}/outline")).json()["modules"]
    first = outline[0]["lessons"][0]
    done = (await browser.post(f"/lessons/{first['id']}/complete")).json()
    progress = (await browser.get(f"/courses/{biology.course}/progress")).json()
    assessments = (await browser.get(f"/courses/{biology.course}/assessments")).json()
    quiz = assessments["assessments"][0]
    attempt = (await browser.post(f"/assessments/{quiz['id']}/start")).json()
    await browser.post(f"/attempts/{attempt['id']}/save", json={"answers": RIGHT})
    last = {"answers": {"q1": "b"}}
    submitted = (await browser.post(f"/attempts/{attempt['id']}/submit", json=last)).json()

    assert courses == [
        {"id": biology.course, "code": "BIO-1", "title": "Biology", "role": "LEARNER"}
    ]
    assert (first["done"], done["done"]) == (False, True)
    assert progress == {"done": 1, "total": 4}
    assert submitted == {
        "id": f"{quiz['id']}-{STRANGER}-1",
        "assessment": quiz["id"],
        "course": biology.course,
        "user": STRANGER,
        "number": 1,
        "state": "graded",
        "started": "2026-03-10 12:00:00",
        "saved": "2026-03-10 12:00:00",
        "submitted": "2026-03-10 12:00:00",
        "answers": RIGHT | {"q1": "b"},
        "score": 7.5,
        "max": 8.5,
        "late": False,
        "banked": False,
    }


async def test_an_assessment_shows_five_kinds_of_questions_and_no_key(
    biology: School, sign_in: SignIn
) -> None:
    browser = await sign_in(biology, LEARNER)

    shown = (await browser.get(f"/assessments/{biology.quiz}")).json()

    kinds = [question["type"] for question in shown["questions"]]
    assert kinds == ["single", "multiple", "number", "text", "order"]
    assert {name for question in shown["questions"] for name in question} == {
        "id",
        "type",
        "prompt",
        "choices",
        "points",
    }


async def test_a_person_is_who_they_are(biology: School, sign_in: SignIn) -> None:
    browser = await sign_in(biology, TEACHER)

    me = (await browser.get("/me")).json()

    assert me == {
        "id": TEACHER,
        "name": "Teacher",
        "locale": "en",
        "roles": ["TEACHER"],
        "tenant": biology.tenant,
        "timezone": "Asia/Jakarta",
    }


async def test_staff_look_people_up_and_learners_only_themselves(
    biology: School, sign_in: SignIn
) -> None:
    teacher = await sign_in(biology, TEACHER)
    learner = await sign_in(biology, LEARNER)

    seen = await teacher.get(f"/users/{LEARNER}")
    own = await learner.get(f"/users/{LEARNER}")
    others = await learner.get(f"/users/{TEACHER}")
    nobody = await teacher.get("/users/99")

    assert seen.json() == own.json() == {"id": LEARNER, "name": f"Person {LEARNER}"}
    assert (others.status_code, nobody.status_code) == (403, 404)
