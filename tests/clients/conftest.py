"""A learner with several courses, as scripts of clients get them."""

from typing import Any

import pytest

from legacy.monolith import seed
from services.contracts.ids import Kind, encode
from tests.integration.monolith.school import LEARNER, MODULES, School
from tests.learner import token
from tests.stack import Stack

MORE_COURSES = 4


@pytest.fixture
async def given(stack: Stack, school: School) -> dict[str, Any]:
    """Where the gateway is, whose token, their course and its lessons."""
    async with school.db.transaction():
        for number in range(MORE_COURSES):
            title, code = f"Course {number}", f"C-{number}"
            course = await seed.course(school.db, school.tenant, 10 + number, title, code, MODULES)
            await seed.enrol(school.db, school.tenant, course, LEARNER)
    return {
        "gateway": stack.gateway,
        "token": token(stack.home, school.tenant, LEARNER),
        "course": encode(Kind.COURSE, school.tenant, school.course),
        "lessons": [encode(Kind.LESSON, school.tenant, lesson) for lesson in school.lessons],
    }
