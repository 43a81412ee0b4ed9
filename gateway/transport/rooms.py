"""What one gateway process serves: requests, what stays open, or both; the rest is refused."""

from dataclasses import dataclass
from typing import Self

from graphql import OperationType

from gateway.bad_request import BadRequest, Refusal
from services.kit.serves import Serves

NO_REQUESTS = Refusal(
    404, "NOT_SERVED_HERE", "Queries and mutations over HTTP are not served here: sockets are."
)
NO_STREAMS = Refusal(
    404, "NOT_SERVED_HERE", "Sockets and event streams are not served here: queries are."
)


@dataclass(frozen=True, slots=True)
class Rooms:
    """A socket's queries and mutations are served with it."""

    requests: bool
    streams: bool

    @classmethod
    def of(cls, serves: Serves) -> Self:
        return cls(serves is not Serves.REALTIME, serves is not Serves.HTTP)

    def check(self, kind: OperationType) -> None:
        """Of an operation that came over HTTP; raises BadRequest."""
        is_stream = kind is OperationType.SUBSCRIPTION
        if is_stream and not self.streams:
            raise BadRequest(NO_STREAMS)
        if not is_stream and not self.requests:
            raise BadRequest(NO_REQUESTS)


EVERYTHING = Rooms.of(Serves.BOTH)
