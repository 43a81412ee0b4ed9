"""A request that came a moment ago, and what is known of it but for who asks."""

from collections.abc import Iterable

import msgspec
from starlette.responses import Response

from gateway.cache.answers import Names
from gateway.cache.fetched import Found
from gateway.cache.verdict import Verdict
from gateway.execution.operation import Operation
from gateway.transport.conditional import Condition, Line
from gateway.transport.headers import REQUEST_ID, SERVER_TIMING
from gateway.transport.whole import finished

OFFER, SAMPLED = "banyan.offer", "banyan.sampled"
"""In a request's scope."""
AROUND = (b"x-content-type-options", b"vary")
BY_CORS = b"access-control-"
"""What the layers around the door may add for a request to be recognized."""
OWN = (REQUEST_ID.encode(), SERVER_TIMING.encode())
"""Said anew each time."""
AT_ONCE = (SERVER_TIMING.encode(), b"total;dur=0")


class Recognized(msgspec.Struct):
    """`lines` stand in each of its answers, `condition` where it is a GET."""

    operation: Operation
    media_type: str
    condition: Condition | None
    lines: list[Line] = msgspec.field(default_factory=list)
    names: Names = msgspec.field(default_factory=dict)
    _last: tuple[bytes, tuple[int, str], Response] | None = None

    def around(self, response: Response, sent: Iterable[Line]) -> bool:
        """Notes what was added to `response` on its way out; whether that can be said again."""
        more = [line for line in sent if line not in response.raw_headers and line[0] not in OWN]
        self.lines = [*more, AT_ONCE]
        is_whole = all(line in sent for line in response.raw_headers)
        return is_whole and all(name in AROUND or name.startswith(BY_CORS) for name, _ in more)

    def answer(self, found: Found[bytes]) -> tuple[Response, float]:
        """Made once for all who are told the same; and for how many seconds it is the same."""
        verdict = Verdict(found.way, found.age_s, found.left_s)
        said = (verdict.age, verdict.status)
        if self._last is None or self._last[0] is not found.value or self._last[1] != said:
            keeping = self.operation.planned.keeping
            told = finished(keeping, verdict, found.value, self.media_type, self.condition)
            told.raw_headers += self.lines
            self._last = (found.value, said, told)
        return self._last[2], min(verdict.age - found.age_s, found.left_s % 1.0)


class Offer(msgspec.Struct):
    """What the door says of a request that it answered out of what is kept."""

    made: tuple[Recognized, Response] | None = None
