"""However many things a document asks for, each kind of question is asked once."""

from tests.fakes.asking import ask
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, add_tenant, course_id, lesson_id, viewer

DASHBOARD = """{
  viewer { name courses(first: 20) { edges { node {
    title progress { ratio }
    assessments(first: 3) { edges { node {
      title score { scaled } window { endsAt } attempts { edges { node { number } } } } } }
    liveClasses { title teacher { name } }
  } } } }
}"""


def platform(courses: int) -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme", courses)
    return made


async def test_a_dashboard_asks_the_same_questions_for_one_course_and_for_twenty() -> None:
    small, large = platform(1), platform(20)

    few = await ask(small, viewer("acme"), DASHBOARD)
    many = await ask(large, viewer("acme"), DASHBOARD)

    assert few.errors is None
    assert many.errors is None
    assert many.data is not None
    assert len(many.data["viewer"]["courses"]["edges"]) == 20
    assert small.calls == large.calls
    assert max(large.calls.values()) == 1


async def test_twenty_aliases_of_a_root_are_one_question() -> None:
    made = platform(20)
    roots = " ".join(
        f'c{n}: course(id: "{course_id("acme", n)}") {{ title }}' for n in range(1, 21)
    )

    result = await ask(made, viewer("acme"), f"{{ {roots} }}")

    assert result.errors is None
    assert made.calls["courses.many"] == 1


async def test_nodes_of_several_kinds_are_one_question_a_kind() -> None:
    made = platform(3)
    ids = [course_id("acme", 1), lesson_id("acme", 1), course_id("acme", 2), lesson_id("acme", 3)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"

    result = await ask(made, viewer("acme"), query, ids=ids)

    assert result.data is not None
    assert [node["id"] for node in result.data["nodes"]] == ids
    assert made.calls["courses.many"] == made.calls["courses.lessons"] == 1


OUTLINES = "{ viewer { courses(first: 20) { edges { node { outline { lessons { %s } } } } } } }"


async def test_what_one_has_completed_is_asked_for_once_however_many_lessons_there_are() -> None:
    made = platform(20)
    made.done.add((("acme", LEARNER), lesson_id("acme", 3)))

    result = await ask(made, viewer("acme"), OUTLINES % "id done: completed completed")

    assert result.errors is None
    assert result.data is not None
    shown = [
        (lesson["id"], lesson["done"], lesson["completed"])
        for edge in result.data["viewer"]["courses"]["edges"]
        for module in edge["node"]["outline"]
        for lesson in module["lessons"]
    ]
    done = [lesson_id("acme", number) == lesson_id("acme", 3) for number in range(1, 41)]
    assert shown == [
        (lesson_id("acme", number), is_done, is_done) for number, is_done in enumerate(done, 1)
    ]
    assert made.calls["courses.completed"] <= 2


async def test_an_outline_without_ones_own_part_asks_for_nothing_of_ones_own() -> None:
    made = platform(3)

    result = await ask(made, viewer("acme"), OUTLINES % "id title kind")

    assert result.errors is None
    assert dict(made.calls) == {"courses.enrolments": 1, "courses.outlines": 1}
