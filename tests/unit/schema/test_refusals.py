"""Who may see what, over sources that would tell anybody everything."""

import pytest

from services.contracts.errors import UpstreamTimeout
from services.contracts.viewer import Viewer
from tests.fakes.asking import ask, codes
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    OPERATOR,
    OTHER,
    TEACHER,
    add_tenant,
    assessment_id,
    attempt_id,
    class_id,
    course_id,
    learner_id,
    lesson_id,
    viewer,
)

MINE = {
    "course": course_id("acme"),
    "assessment": assessment_id("acme"),
    "attempt": attempt_id("acme"),
    "liveClass": class_id("acme"),
}


@pytest.fixture
def platform() -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme", courses=20)
    add_tenant(made, "other")
    return made


@pytest.mark.parametrize("root", MINE)
async def test_who_may_see_a_thing_finds_it_by_its_root(platform: FakePlatform, root: str) -> None:
    result = await ask(platform, viewer("acme"), f'{{ {root}(id: "{MINE[root]}") {{ id }} }}')

    assert result.data == {root: {"id": MINE[root]}}


@pytest.mark.parametrize("root", MINE)
async def test_who_does_not_take_the_course_finds_nothing(
    platform: FakePlatform, root: str
) -> None:
    result = await ask(
        platform, viewer("acme", OTHER), f'{{ {root}(id: "{MINE[root]}") {{ id }} }}'
    )

    assert result.data == {root: None}
    assert result.errors is None


@pytest.mark.parametrize("root", MINE)
async def test_anothers_tenant_looks_like_nothing_at_all(platform: FakePlatform, root: str) -> None:
    foreign = await ask(platform, viewer("other"), f'{{ {root}(id: "{MINE[root]}") {{ id }} }}')
    missing = await ask(platform, viewer("other"), f'{{ {root}(id: "nothing") {{ id }} }}')

    assert foreign == missing
    assert foreign.data == {root: None}


async def test_one_may_not_see_anothers_attempt(platform: FakePlatform) -> None:
    theirs = attempt_id("acme", OTHER)

    result = await ask(
        platform, viewer("acme"), f'{{ attempt(id: "{theirs}") {{ score {{ raw }} }} }}'
    )

    assert result.data == {"attempt": None}


@pytest.mark.parametrize(
    ("who", "finds"),
    [("4", {"name": "acme person 4"}), (OTHER, None), (TEACHER, {"name": "acme person 4"})],
)
async def test_a_learner_is_known_to_themselves_and_to_staff(
    platform: FakePlatform, who: str, finds: object
) -> None:
    query = f'{{ node(id: "{learner_id("acme")}") {{ ... on Learner {{ name }} }} }}'

    result = await ask(platform, viewer("acme", who), query)

    assert result.data == {"node": finds}


ROSTER = "query ($id: ID!) { course(id: $id) { title roster { totalCount } } }"


async def test_a_roster_is_for_teachers_and_a_learner_still_gets_the_rest(
    platform: FakePlatform,
) -> None:
    teacher = await ask(platform, viewer("acme", TEACHER), ROSTER, id=course_id("acme"))
    learner = await ask(platform, viewer("acme"), ROSTER, id=course_id("acme"))

    assert teacher.data == {"course": {"title": "acme course 01", "roster": {"totalCount": 1}}}
    assert learner.data == {"course": {"title": "acme course 01", "roster": None}}
    assert codes(learner) == ["FORBIDDEN"]


async def test_an_operator_sees_every_course_of_the_tenant_only(platform: FakePlatform) -> None:
    own = await ask(platform, viewer("acme", OPERATOR), ROSTER, id=course_id("acme"))
    foreign = await ask(platform, viewer("acme", OPERATOR), ROSTER, id=course_id("other"))

    assert own.errors is None
    assert foreign.data == {"course": None}


async def test_one_failed_course_of_twenty_is_null_with_a_code(platform: FakePlatform) -> None:
    platform.broken[course_id("acme", 7)] = UpstreamTimeout.refusal
    query = "{ viewer { courses { edges { node { title progress { total } } } } } }"

    result = await ask(platform, viewer("acme"), query)

    assert result.data is not None
    nodes = [edge["node"] for edge in result.data["viewer"]["courses"]["edges"]]
    assert [node["title"] for node in nodes if node["progress"] is None] == ["acme course 07"]
    assert len(nodes) == 20
    assert codes(result) == ["UPSTREAM_TIMEOUT"]


@pytest.mark.parametrize("query", ["{ viewer { id } }", '{ course(id: "x") { id } }'])
async def test_an_anonymous_caller_is_told_to_sign_in(platform: FakePlatform, query: str) -> None:
    result = await ask(platform, None, query)

    assert codes(result) == ["UNAUTHENTICATED"]


async def test_an_anonymous_caller_may_ask_for_the_name_of_the_root(
    platform: FakePlatform,
) -> None:
    assert (await ask(platform, None, "{ __typename }")).data == {"__typename": "Query"}


COMPLETE = """mutation ($lesson: ID!) { completeLesson(input: { lessonId: $lesson, key: "k" }) {
  ... on LessonCompleted { lesson { title } progress { completed total } }
  ... on Error { code } } }"""


async def test_a_completed_lesson_counts_at_once(platform: FakePlatform) -> None:
    result = await ask(platform, viewer("acme"), COMPLETE, lesson=lesson_id("acme"))

    assert result.data == {
        "completeLesson": {
            "lesson": {"title": "acme lesson 1"},
            "progress": {"completed": 1, "total": 2},
        }
    }


RENAME = """mutation ($course: ID!, $title: String!) {
  renameCourse(input: { courseId: $course, title: $title, key: "k" }) {
  ... on CourseRenamed { course { title } } ... on Error { code } } }"""


@pytest.mark.parametrize(
    ("who", "course", "title", "outcome"),
    [
        (viewer("acme", TEACHER), course_id("acme"), " New ", {"course": {"title": "New"}}),
        (viewer("acme", TEACHER), course_id("acme"), " ", {"code": "INVALID"}),
        (viewer("acme", TEACHER), course_id("acme"), "x" * 201, {"code": "INVALID"}),
        (viewer("acme"), course_id("acme"), "New", {"code": "FORBIDDEN"}),
        (viewer("other", TEACHER), course_id("acme"), "New", {"code": "NOT_FOUND"}),
        (None, course_id("acme"), "New", {"code": "UNAUTHENTICATED"}),
    ],
)
async def test_a_course_is_renamed_by_those_who_teach_it(
    platform: FakePlatform, who: Viewer | None, course: str, title: str, outcome: object
) -> None:
    result = await ask(platform, who, RENAME, course=course, title=title)

    assert result.data == {"renameCourse": outcome}
    assert platform.calls["courses.rename"] == (1 if "course" in str(outcome) else 0)
