"""Counts how each call to a service went, for the capability that it belongs to."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from flags.health import Health
from flags.names import (
    ASSESSMENT_ATTEMPTS,
    ASSESSMENT_READ,
    COURSE_READ,
    LIVE_CLASS_CONTROL,
    LIVE_CLASS_SCHEDULE,
    PROGRESS_READ,
    PROGRESS_WRITE,
    Capability,
)
from services.contracts import assessment_api, classroom_api, live_class_api, progress_api
from services.contracts.errors import UpstreamError, UpstreamTimeout
from services.contracts.question import Question
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply, Transport
from services.kit.settings import Settings, url_of

FAIR_S = 0.3
"""Whoever is given less time than this and does not answer in it has not failed."""
LATE = 504

ASSESSMENT_READS = (
    assessment_api.MINE,
    assessment_api.ATTEMPTS,
    assessment_api.SUBMISSIONS,
    assessment_api.SUBMISSION_COUNTS,
    assessment_api.SCORES,
    assessment_api.WINDOWS,
)
EXCEPTIONS: Mapping[str, Mapping[str, Capability]] = {
    "progress": {
        progress_api.PROGRESS.path: PROGRESS_READ,
        progress_api.PROGRESS_OF_MANY.path: PROGRESS_READ,
        progress_api.COMPLETE_LESSON.path: PROGRESS_WRITE,
    },
    "assessment": {one.path: ASSESSMENT_READ for one in ASSESSMENT_READS},
    "live_class": {},
}
REST = (
    ("progress", progress_api, COURSE_READ),
    ("assessment", assessment_api, ASSESSMENT_ATTEMPTS),
    ("live_class", live_class_api, LIVE_CLASS_SCHEDULE),
    ("live_class", classroom_api, LIVE_CLASS_CONTROL),
)


def capabilities_of(settings: Settings) -> dict[str, str]:
    """The capability's name of each address that a service is asked at."""
    found = {}
    for service, api, rest in REST:
        url, others = url_of(settings, service), EXCEPTIONS[service]
        for path in _paths(api):
            found[url + path] = others.get(path, rest).name
    return found


class Metered:
    """Stands right before the wire: each try of a call counts, and is slow after `slow_s`."""

    def __init__(
        self,
        transport: Transport,
        health: Health,
        clock: Clock,
        capabilities: Mapping[str, str],
        slow_s: float,
    ) -> None:
        self._transport = transport
        self._health = health
        self._clock = clock
        self._capabilities = capabilities
        self._slow_s = slow_s
        names = set(capabilities.values())
        self._misread = {name: partial(health.misread, name) for name in names}

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Whoever leaves before the answer has seen nothing."""
        capability = self._capabilities.get(call.url)
        if capability is None:
            return await self._transport.send(call, deadline)
        began_s, is_fair = self._clock.monotonic_s(), deadline.left_s() >= FAIR_S
        try:
            reply = await self._transport.send(call, deadline)
        except UpstreamError as failed:
            if is_fair or not isinstance(failed, UpstreamTimeout):
                self._health.call(capability, failed=True)
            raise
        if reply.status >= 500 and not _is_fault(reply, is_fair):
            return reply
        is_slow = self._clock.monotonic_s() - began_s > self._slow_s
        self._health.call(capability, failed=reply.status >= 500, slow=is_slow)
        return Reply(reply.status, reply.headers, reply.body, self._misread[capability])


def _is_fault(reply: Reply, is_fair: bool) -> bool:
    """Who says when to come again refuses on purpose, and is not sick."""
    if reply.status == LATE:
        return is_fair
    return "retry-after" not in reply.headers


def _paths(api: Any) -> Iterable[str]:
    return [one.path for one in vars(api).values() if isinstance(one, Question)]
