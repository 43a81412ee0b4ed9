"""A learner of the sample who asks the gateway for their dashboard."""

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from pyreqwest.client import ClientBuilder

from bench.sending import sent
from gateway.identity.issuer import DemoIssuer
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.settings import Settings

WAITS = timedelta(seconds=30)

Page: TypeAlias = dict[str, Any]

DASHBOARD = """
query Dashboard($courses: Int!, $from: DateTime!) {
  viewer {
    courses(first: $courses) { edges { node {
      title
      progress { completed total ratio }
      assessments(first: 3) { edges { node {
        title kind closesAt
        attempts { edges { node { number state submittedAt score { raw max late } } } }
      } } }
      liveClasses(from: $from) { title startsAt endsAt state teacher { name } }
    } } }
  }
}
"""


class BadAnswer(Exception):
    """The gateway's answer is not the whole dashboard."""


class Learner:
    def __init__(self, gateway: str, token: str) -> None:
        self._url = f"{gateway}/graphql"
        self._from = SystemClock().now().astimezone(UTC).isoformat()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        # A proxy of the environment would be measured too.
        self._http = ClientBuilder().no_proxy().default_headers(headers).timeout(WAITS).build()

    async def dashboard(self, courses: int) -> Page:
        """Raises BadAnswer unless it comes whole, without errors."""
        body = {"query": DASHBOARD, "variables": {"courses": courses, "from": self._from}}
        response = await sent(self._http.post(self._url).body_json(body).build())
        answer: dict[str, Any] = await response.json()
        if "errors" in answer:
            raise BadAnswer(f"{len(answer['errors'])} errors, the first: {answer['errors'][0]}")
        page: Page = answer["data"]
        shown = len(page["viewer"]["courses"]["edges"])
        if shown != courses:
            raise BadAnswer(f"{shown} courses where {courses} were asked for")
        return page

    async def close(self) -> None:
        await self._http.close()


def token(home: Path, settings: Settings, tenant: str, user: str) -> str:
    """A bearer token of the demo issuer whose key lies in the state folder."""
    issuer = DemoIssuer(home, settings.token_issuer, settings.token_audience)
    viewer = Viewer(TenantId(tenant), UserId(user), frozenset({Role.LEARNER}))
    return issuer.token_for(viewer, SystemClock())
