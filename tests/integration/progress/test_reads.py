"""What the service answers through its client: what the viewer may see, and nothing else."""

import httpx

from services.contracts.errors import HIDDEN, ErrorCode, Refused
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Learner, Progress
from services.contracts.paging import key_of
from services.contracts.progress_api import ME
from services.contracts.viewer import Viewer
from services.contracts.viewer_headers import headers_of
from services.kit.deadline import HEADER
from tests.contract.school import BIOLOGY, CLASSMATES, HISTORY
from tests.fakes.tenant import (
    LEARNER,
    OPERATOR,
    OTHER,
    TEACHER,
    assessment_id,
    course_id,
    learner_id,
    lesson_id,
)
from tests.integration.progress.campus import Campus

STRANGER = "77"


async def test_an_operator_sees_every_course_without_being_in_it(campus: Campus) -> None:
    ids = [course_id(campus.tenant, number) for number in (BIOLOGY, HISTORY)]

    found = await campus.sources.courses.many(campus.asking(OPERATOR), ids)

    assert found == [campus.held.courses[course] for course in ids]
    assert await campus.sources.courses.enrolments(campus.asking(OPERATOR)) == []


async def test_a_role_that_only_the_token_has_opens_nothing(campus: Campus) -> None:
    claimed = campus.asking(OPERATOR).viewer.roles
    caller = campus.calling(Viewer(TenantId(campus.tenant), UserId(STRANGER), claimed))

    found = await campus.sources.courses.many(caller, [course_id(campus.tenant, BIOLOGY)])

    assert found == [HIDDEN]


async def test_everything_in_a_course_is_hidden_from_who_is_not_in_it(campus: Campus) -> None:
    own, sources, caller = campus.tenant, campus.sources, campus.asking(OTHER)
    course, lesson = course_id(own, HISTORY), lesson_id(own, 10)

    found = [
        *await sources.courses.many(caller, [course]),
        *await sources.courses.outlines(caller, [course]),
        *await sources.courses.lessons(caller, [lesson]),
        *await sources.courses.rosters(caller, [course], 10, None),
        *await sources.progress.mine(caller, [course]),
        *await sources.progress.of_learners(caller, [(course, learner_id(own, OTHER))]),
        *await sources.assessments.of_courses(caller, [course]),
    ]

    assert found == [HIDDEN] * 7


async def test_another_tenants_ids_name_nothing(campus: Campus) -> None:
    own, sources, caller = "another-tenant", campus.sources, campus.asking(TEACHER)
    course, exam = course_id(own, BIOLOGY), assessment_id(own, 7)

    found = [
        *await sources.people.learners(caller, [learner_id(own, LEARNER)]),
        *await sources.courses.many(caller, [course]),
        *await sources.courses.lessons(caller, [lesson_id(own, 2)]),
        *await sources.courses.rosters(caller, [course], 10, None),
        *await sources.progress.mine(caller, [course]),
        *await sources.assessments.many(caller, [exam]),
        *await sources.assessments.items(caller, [exam]),
        await sources.completions.complete(caller, lesson_id(own, 3), "key"),
    ]

    assert found == [HIDDEN] * 8


async def test_a_viewer_of_another_tenant_sees_nothing_behind_the_same_numbers(
    campus: Campus,
) -> None:
    elsewhere = Viewer(
        TenantId("another-tenant"), UserId(LEARNER), campus.asking(LEARNER).viewer.roles
    )

    found = await campus.sources.courses.many(
        campus.calling(elsewhere), [course_id("another-tenant", BIOLOGY)]
    )

    assert found == [HIDDEN]


async def test_learners_know_the_names_of_themselves_alone(campus: Campus) -> None:
    ids = [learner_id(campus.tenant, user) for user in (LEARNER, OTHER)]

    found = await campus.sources.people.learners(campus.asking(LEARNER), ids)

    assert found == [Learner(ids[0], "Person 4"), HIDDEN]


async def test_a_learner_sees_no_roster_and_nobody_elses_progress(campus: Campus) -> None:
    course, caller = course_id(campus.tenant, BIOLOGY), campus.asking(LEARNER)
    pairs = [(course, learner_id(campus.tenant, user)) for user in (LEARNER, OTHER)]

    rosters = await campus.sources.courses.rosters(caller, [course], 10, None)
    found = await campus.sources.progress.of_learners(caller, pairs)

    assert rosters == [HIDDEN]
    own, others = found
    assert isinstance(own, Progress)
    assert (own.learner_id, own.completed, own.total) == (pairs[0][1], 1, 4)
    assert others == HIDDEN


async def test_a_rosters_cursor_holds_the_number_with_all_its_places(campus: Campus) -> None:
    course = course_id(campus.tenant, BIOLOGY)

    [page] = await campus.sources.courses.rosters(campus.asking(TEACHER), [course], 2, None)

    assert not isinstance(page, Refused)
    assert [key_of(edge.cursor) for edge in page.edges] == [
        (f"{int(user):020}", learner_id(campus.tenant, user)) for user in (LEARNER, OTHER)
    ]


async def test_a_page_of_a_roster_begins_behind_its_cursor_whoever_has_left(
    campus: Campus,
) -> None:
    course, key = course_id(campus.tenant, BIOLOGY), (f"{7:020}", learner_id(campus.tenant, "7"))

    [page] = await campus.sources.courses.rosters(campus.asking(TEACHER), [course], 2, key)

    assert not isinstance(page, Refused)
    shown = [edge.node.learner.id for edge in page.edges]
    assert shown == [learner_id(campus.tenant, user) for user in CLASSMATES[:2]]
    assert page.page_info.has_next_page


async def test_a_service_that_is_away_refuses_each_thing_alone(campus: Campus) -> None:
    caller = campus.asking(LEARNER)
    campus.cut_off()

    found = await campus.sources.courses.many(caller, [course_id(campus.tenant, BIOLOGY)] * 2)

    codes = [one.code for one in found if isinstance(one, Refused)]
    assert codes == [ErrorCode.UPSTREAM_UNAVAILABLE] * 2


async def test_who_has_no_time_left_is_told_so_while_the_database_still_works(
    campus: Campus,
) -> None:
    headers = headers_of(campus.asking().viewer)
    async with httpx.AsyncClient(base_url=campus.url, trust_env=False) as browser:
        async with campus.pool.acquire() as connection, connection.transaction():
            await connection.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
            late = await browser.post(ME.path, content=b"{}", headers=headers | {HEADER: "50"})
        patient = await browser.post(ME.path, content=b"{}", headers=headers | {HEADER: "x" * 20})

    assert (late.status_code, patient.status_code) == (504, 200)
