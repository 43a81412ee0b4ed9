"""Everything that the ports can be asked about a tenant, by one viewer, as one list of answers."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Any

from msgspec.structs import replace

from resolvers.ports import Each, Sources
from services.contracts.assessment import Source
from services.contracts.errors import Refused
from services.contracts.freshness import Known
from services.contracts.ids import CourseId
from services.contracts.learning import Progress
from services.contracts.paging import Key, key_of
from services.kit.caller import Caller
from tests.fakes.tenant import (
    assessment_id,
    course_id,
    learner_id,
    lesson_id,
)

COURSES = (1, 2, 3, 999)
CONTENT = range(1, 13)
PEOPLE = ("2", "4", "5", "10", "999")


async def answers(sources: Sources, caller: Caller) -> dict[str, Any]:
    tenant = caller.viewer.tenant
    courses = [course_id(tenant, number) for number in COURSES]
    content = [lesson_id(tenant, number) for number in CONTENT]
    exams = [assessment_id(tenant, number) for number in CONTENT]
    people = [learner_id(tenant, user) for user in PEOPLE]
    return {
        "me": await sources.people.me(caller),
        "learners": list(await sources.people.learners(caller, people)),
        "enrolments": await sources.courses.enrolments(caller),
        "courses": list(await sources.courses.many(caller, courses)),
        "outlines": list(await sources.courses.outlines(caller, courses)),
        "lessons": list(await sources.courses.lessons(caller, content)),
        "rosters": [page async for page in _rosters(sources, caller, courses)],
        "mine": _plain(await sources.progress.mine(caller, courses)),
        "of_learners": _plain(
            await sources.progress.of_learners(caller, list(product(courses, people)))
        ),
        "assessments": list(await sources.assessments.of_courses(caller, courses)),
        "by id": list(await sources.assessments.many(caller, exams)),
        "items": list(await sources.assessments.items(caller, exams)),
    }


def _plain(found: Each[Progress]) -> list[Progress | Refused]:
    """How a side came to know it is no part of the answer."""
    known = Known(Source.SERVICE)
    return [one if isinstance(one, Refused) else replace(one, known=known) for one in found]


async def _rosters(sources: Sources, caller: Caller, courses: list[CourseId]) -> AsyncIterator[Any]:
    """Each course's pages of two, to the last one."""
    for course in courses:
        after: Key | None = None
        while True:
            [page] = await sources.courses.rosters(caller, [course], 2, after)
            yield page
            if isinstance(page, Refused) or not page.page_info.has_next_page:
                break
            after = key_of(page.edges[-1].cursor)
