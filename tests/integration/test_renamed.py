"""Whoever renames a course is told its new title from then on; the others are, in a moment."""

from collections.abc import AsyncIterator
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from services.contracts.ids import Kind, encode
from services.kit.consistency import HEADER
from tests import pair
from tests.faults.watching import environ_of
from tests.integration.monolith.school import LEARNER, TEACHER, School
from tests.integration.monolith.waiting import until
from tests.learner import token
from tests.sides import READS, turn
from tests.stack import Stack

TITLE = "query ($course: ID!) { course(id: $course) { title } }"
RENAME = """mutation ($course: ID!, $title: String!) {
  renameCourse(input: { courseId: $course, title: $title, key: "one" }) {
    __typename ... on CourseRenamed { course { title } token } } }"""
TIMES = 8
READS_BEHIND = 6


class Reader:
    """Somebody at two processes in turn, who says what they have seen as clients do."""

    def __init__(self, gateways: list[str], bearer: str, course: str) -> None:
        headers = {"authorization": f"Bearer {bearer}"}
        self._processes = [httpx.AsyncClient(base_url=one, headers=headers) for one in gateways]
        self._turns = cycle(self._processes)
        self._course = course
        self._seen: dict[str, str] = {}

    async def title(self) -> str:
        """Nothing until their enrolment is known to the side that answers."""
        told = await self._ask(TITLE)
        return str((told["course"] or {}).get("title", ""))

    async def rename(self, title: str) -> None:
        told = await self._ask(RENAME, title=title)
        assert told["renameCourse"]["__typename"] == "CourseRenamed"
        assert told["renameCourse"]["token"]

    async def close(self) -> None:
        for one in self._processes:
            await one.aclose()

    async def _ask(self, query: str, **more: str) -> dict[str, dict[str, str]]:
        body = {"query": query, "variables": {"course": self._course, **more}}
        http = next(self._turns)
        response = await http.post("/graphql", json=body, headers=self._seen, timeout=30)
        if HEADER in response.headers:
            self._seen = {HEADER: response.headers[HEADER]}
        data: dict[str, dict[str, str]] = response.json()["data"]
        return data


@pytest.fixture
async def gateways(stack: Stack, tmp_path: Path) -> AsyncIterator[list[str]]:
    """The stack's, and a process of its own beside it."""
    environ = {**environ_of(stack), "BANYAN_HOME": str(stack.home)}
    with pair.server(tmp_path, "gateway.main", "BANYAN_PORT", "/health/ready", environ) as other:
        yield [stack.gateway, other.url]


@pytest.mark.parametrize("side", ["legacy", "service"])
async def test_whoever_renames_reads_it_at_once_wherever_they_look(
    stack: Stack, school: School, gateways: list[str], side: str
) -> None:
    await turn(stack, school.tenant, side, *READS)
    course = encode(Kind.COURSE, school.tenant, school.course)
    teacher, learner = (
        Reader(gateways, token(stack.home, school.tenant, user, role), course)
        for user, role in ((TEACHER, "TEACHER"), (LEARNER, "LEARNER"))
    )

    async def both_see_it() -> bool:
        return await teacher.title() == await learner.title() != ""

    await until(both_see_it, most_s=30)
    read: list[tuple[str, str]] = []
    for nth in range(TIMES):
        await teacher.rename(f"Title {nth}")
        read += [(f"Title {nth}", await teacher.title()) for _ in range(READS_BEHIND)]

    async def is_told_to_others() -> bool:
        return {await learner.title() for _ in range(4)} == {f"Title {TIMES - 1}"}

    assert [(renamed, told) for renamed, told in read if renamed != told] == []
    await until(is_told_to_others, most_s=10)
    await teacher.close()
    await learner.close()
