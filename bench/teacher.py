"""A teacher who turns the pages of a crowded course."""

import random
from datetime import timedelta
from typing import Any

from pyreqwest.client import ClientBuilder

from bench.crowded_course import ASSESSMENTS, COURSE, TEACHER, CrowdedCourse
from bench.learner import BadAnswer
from bench.sending import sent
from bench.system import System
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import Kind, Side, TenantId, UserId, encode, learner_id
from services.contracts.learning import Role
from services.contracts.paging import cursor_of
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock

WAITS = timedelta(seconds=30)
FIRST = 30
ROSTER = """
query Roster($id: ID!, $first: Int!, $after: String) {
  course(id: $id) { roster(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { learner { name } progress { ratio score { scaled provisional } } } }
  } }
}
"""
SUBMISSIONS = """
query Submissions($id: ID!, $first: Int!, $after: String) {
  assessment(id: $id) {
    submissionCounts { state count }
    submissions(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { node { state submittedAt score { scaled } learner { name } } }
    }
  }
}
"""


class Teacher:
    """Opens a page behind any learner of whom a whole page follows, each as likely."""

    def __init__(self, running: System, course: CrowdedCourse, dice: random.Random) -> None:
        self._course = course
        self._dice = dice
        self._url = f"{running.at.gateway}/graphql"
        headers = {"authorization": f"Bearer {_token(running, course.tenant)}"}
        # A proxy of the environment would be measured too.
        self._http = ClientBuilder().no_proxy().default_headers(headers).timeout(WAITS).build()

    async def roster(self) -> None:
        tenant, user = self._course.tenant, self._before()
        after = cursor_of((f"{user:020}", learner_id(TenantId(tenant), user)))
        found = await self._ask(ROSTER, encode(Kind.COURSE, tenant, COURSE), after)
        self._check(found["course"]["roster"])

    async def submissions(self) -> None:
        tenant, user, exam = self._course.tenant, self._before(), ASSESSMENTS[0]
        last = encode(Kind.ATTEMPT, tenant, f"{exam}-{user}-1", Side.SERVICE)
        after = cursor_of((f"{user:020}-{1:09}", last))
        found = await self._ask(SUBMISSIONS, encode(Kind.ASSESSMENT, tenant, exam), after)
        self._check(found["assessment"]["submissions"])

    async def close(self) -> None:
        await self._http.close()

    def _before(self) -> int:
        users = self._course.users
        return users.start - 1 + self._dice.randint(0, max(0, len(users) - FIRST))

    def _check(self, page: dict[str, Any]) -> None:
        wanted = min(FIRST, self._course.learners), self._course.learners
        if (len(page["edges"]), page["totalCount"]) != wanted:
            raise BadAnswer(f"{len(page['edges'])} of {page['totalCount']}, not {wanted}")

    async def _ask(self, query: str, id_: str, after: str) -> dict[str, Any]:
        variables = {"id": id_, "first": FIRST, "after": after}
        body = {"query": query, "variables": variables}
        response = await sent(self._http.post(self._url).body_json(body).build())
        answer: dict[str, Any] = await response.json()
        if "errors" in answer:
            raise BadAnswer(f"{len(answer['errors'])} errors, the first: {answer['errors'][0]}")
        data: dict[str, Any] = answer["data"]
        return data


def _token(running: System, tenant: str) -> str:
    settings = running.settings
    issuer = DemoIssuer(running.home, settings.token_issuer, settings.token_audience)
    viewer = Viewer(TenantId(tenant), UserId(str(TEACHER)), frozenset({Role.TEACHER}))
    return issuer.token_for(viewer, SystemClock())
