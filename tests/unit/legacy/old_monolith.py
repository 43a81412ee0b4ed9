"""A monolith without a network: it signs everybody in and answers as it is told."""

from collections import defaultdict
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from legacy.assessment import LegacyAssessments
from legacy.attempts import LegacyAttempts
from legacy.client import COOKIE, LegacyClient
from legacy.courses import LegacyCourses
from legacy.live_class import LegacyLiveClasses
from legacy.people import LegacyPeople
from legacy.progress import LegacyProgress
from legacy.versions import Versions
from legacy.zones import Zones
from services.contracts.errors import UpstreamUnreachable
from services.contracts.viewer import Viewer
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.fakes.tenant import NOW, viewer
from tests.unit.legacy.said import ME

LOGIN = "/login"
CLOCK = FakeClock(NOW)

LOGIN_PAGE = Reply(200, {"content-type": "text/html; charset=utf-8"}, b"<h1>Please sign in</h1>")


def json(said: object, status: int = 200) -> Reply:
    return Reply(status, {"content-type": "application/json"}, msgspec.json.encode(said))


class OldMonolith:
    """A transport; `tells` holds what each path answers, in order, the last one for ever."""

    def __init__(self) -> None:
        self.tells: defaultdict[str, list[Reply]] = defaultdict(lambda: [json({}, 404)])
        self.tells["/me"] = [json(ME)]
        self.calls: list[Call] = []
        self.sign_in: Callable[[int], Reply] = _welcome

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        self.calls.append(call)
        path = urlsplit(call.url).path
        if path == LOGIN:
            return self.sign_in(self.asked().count(LOGIN))
        replies = self.tells[path]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def asked(self) -> list[str]:
        """The paths, in order."""
        return [urlsplit(call.url).path for call in self.calls]

    def client(self) -> LegacyClient:
        return LegacyClient(self, CLOCK, "http://monolith", "secret", budget_s=1.0)

    def people(self) -> LegacyPeople:
        return LegacyPeople(self.client())

    def courses(self) -> LegacyCourses:
        return LegacyCourses(self.client())

    def progress(self) -> LegacyProgress:
        versions = Versions(ServiceClient(SilentFeeder(), "feeder", "http://feeder", 1.0), CLOCK)
        return LegacyProgress(self.client(), versions)

    def assessments(self) -> LegacyAssessments:
        client = self.client()
        return LegacyAssessments(client, Zones(client))

    def attempts(self) -> LegacyAttempts:
        client = self.client()
        return LegacyAttempts(client, Zones(client))

    def live_classes(self) -> LegacyLiveClasses:
        client = self.client()
        return LegacyLiveClasses(client, Zones(client), CLOCK)


class SilentFeeder:
    async def send(self, call: Call, deadline: Deadline) -> Reply:
        raise UpstreamUnreachable("it is away")


def caller(who: Viewer | None = None) -> Caller:
    return Caller(who or viewer("acme"), Deadline.within(CLOCK, 1.0))


def _welcome(number: int) -> Reply:
    return Reply(200, {"set-cookie": f"{COOKIE}=cookie-{number}; Path=/; HttpOnly"}, b"Welcome")
