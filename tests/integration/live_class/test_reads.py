"""Who sees which classes, with how many statements, and what a bad question is told."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from services.contracts import events as said
from services.contracts.errors import HIDDEN, UpstreamUnreachable
from services.contracts.ids import CourseId, Kind, LiveClassId, Side, UserId, encode
from services.contracts.live_class import LiveClassState
from services.contracts.live_class_api import CLASSES, OF_COURSES, Agenda, CoursesBetween, Names
from services.contracts.viewer_headers import headers_of
from services.events.reading import Reading
from services.kit.asking import ServiceClient
from services.kit.clock import FakeClock
from services.kit.deadline import HEADER
from services.kit.transport import HttpTransport
from services.live_class import views
from services.live_class.client import ServiceLiveClasses
from services.live_class.service import timetable_routes
from services.live_class.views import Asked
from services.storage import db
from tests.contract.school import BIOLOGY, HISTORY
from tests.contract.side import given
from tests.fakes.tenant import (
    LEARNER,
    NOW,
    OPERATOR,
    OTHER,
    class_id,
    course_id,
    lesson_id,
    viewer,
)
from tests.integration.live_class.campus import WAITS_S, Campus
from tests.integration.monolith.serving import serving

NO_DATABASE = "postgresql://postgres@127.0.0.1:9/postgres"
STRANGER = UserId("999999")
MANY = [*range(1, 400)]


async def test_the_operator_sees_every_course_and_has_an_empty_agenda(campus: Campus) -> None:
    asking = campus.asking(OPERATOR)

    assert [one.title for one in await campus.classes(HISTORY, OPERATOR)] == ["Class 4"]
    assert await campus.client.agenda(asking, NOW, NOW + timedelta(days=30)) == []


async def test_who_is_outside_a_course_sees_none_of_its_classes(campus: Campus) -> None:
    courses = [course_id(campus.tenant, number) for number in (HISTORY, BIOLOGY)]
    ids = [class_id(campus.tenant, number) for number in (4, 3)]

    of_courses = await campus.client.of_courses(campus.asking(OTHER), courses, None, None)
    by_ids = await campus.client.many(campus.asking(OTHER), ids)

    assert of_courses[0] == by_ids[0] == HIDDEN
    assert len(given(of_courses[1])) == 3
    assert by_ids[1] == campus.held.live_classes[ids[1]]


async def test_somebody_unknown_sees_nothing(campus: Campus) -> None:
    known = campus.asking()
    stranger = replace(known, viewer=replace(known.viewer, user=STRANGER))

    [found] = await campus.client.many(stranger, [class_id(campus.tenant, 3)])

    assert found == HIDDEN
    assert await campus.client.agenda(stranger, NOW, NOW + timedelta(days=30)) == []


async def test_the_roles_that_a_caller_claims_open_nothing(campus: Campus) -> None:
    claims = viewer(campus.tenant, OPERATOR).roles
    asking = campus.asking(OTHER)
    boasting = replace(asking, viewer=replace(asking.viewer, roles=claims))

    assert await campus.client.many(boasting, [class_id(campus.tenant, 4)]) == [HIDDEN]


async def test_ids_of_other_kinds_tenants_and_sides_name_nothing(campus: Campus) -> None:
    tenant = campus.tenant
    ids = [
        LiveClassId(course_id(tenant, 3)),
        LiveClassId(lesson_id(tenant, 3)),
        class_id("another", 3),
        LiveClassId(encode(Kind.LIVE_CLASS, tenant, 3, Side.SERVICE)),
        LiveClassId(encode(Kind.LIVE_CLASS, tenant, 3, Side.EITHER)),
        LiveClassId(encode(Kind.LIVE_CLASS, tenant, "3-1", Side.LEGACY)),
        LiveClassId("no id at all"),
        class_id(tenant, 3),
    ]

    found = await campus.client.many(campus.asking(), ids)

    assert found == [*[HIDDEN] * 7, campus.held.live_classes[ids[-1]]]


async def test_a_class_has_ended_from_the_moment_it_ends(campus: Campus) -> None:
    for number, ends_at in {81: NOW, 82: NOW + timedelta(seconds=1)}.items():
        one = said.ClassScheduled(
            number, BIOLOGY, f"{number}", None, NOW - timedelta(hours=1), ends_at
        )
        await campus.happens(f"class/{number}", one)

    states = {one.title: one.state for one in await campus.classes(BIOLOGY)}

    assert states["81"] is LiveClassState.ENDED
    assert states["82"] is LiveClassState.SCHEDULED


async def test_a_teacher_whom_nobody_knows_is_none(campus: Campus) -> None:
    unknown = said.ClassScheduled(83, HISTORY, "83", int(STRANGER), NOW, NOW + timedelta(hours=1))

    await campus.happens("class/83", unknown)

    assert [one.teacher for one in await campus.classes(HISTORY)] == [None, None]


async def test_classes_at_one_moment_come_in_order_of_their_ids(campus: Campus) -> None:
    for number in (95, 9, 90):
        one = said.ClassScheduled(number, HISTORY, f"{number}", None, NOW, NOW)
        await campus.happens(f"class/{number}", one)

    assert [one.title for one in await campus.classes(HISTORY)] == ["9", "90", "95", "Class 4"]


async def test_bounds_are_taken_by_whole_seconds(campus: Campus) -> None:
    begins = campus.held.live_classes[class_id(campus.tenant, 3)].starts_at
    part = timedelta(microseconds=900_000)

    found = await campus.client.agenda(campus.asking(), begins + part, begins + 2 * part)

    assert isinstance(found, list)
    assert [one.title for one in found] == ["Class 3"]


Look = Callable[[Asked, Any], Awaitable[object]]


@pytest.mark.parametrize(
    ("look", "one", "many", "statements"),
    [
        (views.classes, Names(["l3"]), Names([*MANY, *(f"s{n}" for n in MANY)]), 2),
        (
            views.of_courses,
            CoursesBetween([BIOLOGY], None, None),
            CoursesBetween(MANY, None, None),
            2,
        ),
        (
            views.agenda,
            Agenda(NOW, NOW + timedelta(seconds=1)),
            Agenda(NOW, NOW + timedelta(days=9_000)),
            1,
        ),
    ],
)
async def test_as_many_statements_are_made_for_one_as_for_many(
    campus: Campus, look: Look, one: object, many: object, statements: int
) -> None:
    for question in (one, many):
        assert await _statements(campus, look, question) == statements


async def _statements(campus: Campus, look: Look, question: object) -> int:
    made: list[object] = []
    async with campus.pool.acquire() as connection:
        asked = Asked(connection, viewer(campus.tenant, LEARNER), NOW)
        with connection.query_logger(made.append):
            await look(asked, question)
    return len(made)


async def test_a_bad_question_is_told_so(campus: Campus, api: str) -> None:
    headers = headers_of(viewer(campus.tenant))
    huge = b'{"courses": [99999999999999999999], "since": null, "until": null}'

    async with httpx.AsyncClient(base_url=api) as client:
        nobody = await client.post(CLASSES.path, content=b'{"ids": []}')
        formless = await client.post(OF_COURSES.path, content=b"[]", headers=headers)
        too_large = await client.post(OF_COURSES.path, content=huge, headers=headers)
        late = await client.post(
            CLASSES.path, content=b'{"ids": [1]}', headers={**headers, HEADER: "0"}
        )
        asked = await client.post(CLASSES.path, content=b'{"ids": [1]}', headers=headers)

    answers = (nobody, formless, too_large, late, asked)
    assert [answer.status_code for answer in answers] == [401, 400, 400, 504, 200]


async def test_a_course_without_classes_is_not_taken_for_one_that_is_not_there(
    campus: Campus,
) -> None:
    await campus.happens("course/50", said.CourseChanged(50, "Quiet", "Q"))
    ids: list[CourseId] = [course_id(campus.tenant, number) for number in (50, 51)]

    found = await campus.client.of_courses(campus.asking(OPERATOR), ids, None, None)

    assert found == [[], HIDDEN]


async def test_without_its_database_the_service_says_so_and_so_does_the_client(
    transport: HttpTransport, campus: Campus
) -> None:
    async with (
        db.pool(NO_DATABASE) as gone,
        serving(Starlette(routes=timetable_routes(Reading(gone), FakeClock(NOW)))) as url,
    ):
        client = ServiceLiveClasses(ServiceClient(transport, "live_class", url, WAITS_S))

        found = await client.many(campus.asking(), [class_id(campus.tenant, 3)])

    assert found == [UpstreamUnreachable.refusal]


async def test_a_gateway_of_the_release_before_asks_by_numbers(campus: Campus, api: str) -> None:
    headers = headers_of(viewer(campus.tenant))
    body = b'{"ids": [3, "l3", "s3", "x3", "l03", 99999999999999999999]}'

    async with httpx.AsyncClient(base_url=api) as client:
        answer = await client.post(CLASSES.path, content=body, headers=headers)

    found = [one and one["title"] for one in answer.json()]
    assert found == ["Class 3", "Class 3", None, None, None, None]
