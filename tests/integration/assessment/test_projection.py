"""What the old side tells: definitions with their versions, past attempts, roles, enrolments."""

from msgspec.structs import replace

from services.contracts import events as said
from services.contracts.assessment import AttemptState
from services.contracts.learning import Role
from services.storage import db
from tests.fakes.tenant import LEARNER
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.definitions import QUIZ, quiz
from tests.integration.assessment.test_sides import past


async def versions(campus: Campus) -> list[tuple[int, str, bool]]:
    rows = await campus.pool.fetch(
        """SELECT version, data ->> 'title' AS title, removed FROM definitions
        WHERE tenant_id = $1 AND assessment_id = $2 ORDER BY version""",
        campus.tenant,
        QUIZ,
    )
    return [(row["version"], row["title"], row["removed"]) for row in rows]


async def test_what_is_changed_is_a_new_version_and_the_old_one_stays(campus: Campus) -> None:
    await campus.define(quiz(title="Cells again"))

    assert await versions(campus) == [(1, "Cells", False), (2, "Cells again", False)]


async def test_what_is_told_again_is_no_new_version(campus: Campus) -> None:
    await campus.define(quiz())

    assert await versions(campus) == [(1, "Cells", False)]


async def test_what_is_removed_may_come_again(campus: Campus) -> None:
    await campus.take([campus.next(f"content/{{}}/{QUIZ}", said.ContentRemoved(QUIZ))])
    removed = await versions(campus)
    await campus.define(quiz())
    again = await versions(campus)
    await campus.take([campus.next(f"content/{{}}/{QUIZ}", said.ContentRemoved(QUIZ))])
    await campus.define(quiz(title="New"))

    assert removed == [(1, "Cells", True)]
    assert again == [(1, "Cells", False)]
    assert await versions(campus) == [(1, "Cells", True), (2, "New", False)]


async def test_many_changes_at_once_come_to_the_last(campus: Campus) -> None:
    stream = f"content/{{}}/{QUIZ}"
    changes = [campus.next(stream, quiz(title=title)) for title in ("B", "C", "D")]

    await campus.take(changes)

    assert await versions(campus) == [(1, "Cells", False), (2, "D", False)]


async def test_the_right_answers_are_kept_here(campus: Campus) -> None:
    keys = """SELECT data -> 'keys' -> 0 ->> 'choices' FROM definitions
        WHERE tenant_id = $1 AND assessment_id = 7"""

    assert await campus.value(keys) == '["b"]'


async def test_past_attempts_are_all_that_was_told_last(campus: Campus) -> None:
    await campus.attempted(past(1), past(2, AttemptState.IN_PROGRESS))
    await campus.attempted(past(2), past(3))

    rows = await campus.rows("past_attempts")
    assert [(row["number"], row["state"]) for row in rows] == [(2, "GRADED"), (3, "GRADED")]

    await campus.attempted()
    assert await campus.rows("past_attempts") == []


async def test_whoever_left_the_course_has_no_part_in_it(campus: Campus) -> None:
    left = said.EnrolmentChanged(1, int(LEARNER), None)
    await campus.take([campus.next(f"enrolment/{{}}/1/{LEARNER}", left)])

    assert await campus.value("SELECT count(*) FROM enrolments WHERE tenant_id = $1") == 2


async def test_roles_are_those_of_now(campus: Campus) -> None:
    person = said.PersonChanged(int(LEARNER), "Name", "en", [Role.LEARNER, Role.PROCTOR])
    await campus.take([campus.next(f"person/{{}}/{LEARNER}", person)])

    roles = "SELECT roles FROM people WHERE tenant_id = $1 AND id = 4"
    assert await campus.value(roles) == ["LEARNER", "PROCTOR"]


async def test_a_batch_of_many_tenants_writes_each_ones_rows(campus: Campus) -> None:
    """As the service's own connection does, which sees one tenant at a time."""
    names = [f"{campus.tenant}-{letter}" for letter in "cab"]
    first = campus.next("person/{}/9", said.PersonChanged(9, "Name", "en", [Role.LEARNER]))
    events = [replace(first, tenant=name, stream=f"person/{name}/9", version=1) for name in names]

    async with db.transaction(campus.worker) as connection:
        await campus.projection.apply(connection, events)

    for name in names:
        assert await campus.pool.fetchval("SELECT id FROM people WHERE tenant_id = $1", name) == 9
