"""A learning record store, over HTTP: it has a statement once, however often it is sent."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from services.analytics.statement import VERSION, Statement
from services.contracts.errors import UpstreamError
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Transport

WITHIN_S = 10.0
HAS, HAD = frozenset({200, 204}), 409

_to_json = msgspec.json.Encoder().encode


class RecordStoreAway(ConnectionError):
    """It did not say that it has the statements: they are sent again."""


@dataclass(frozen=True, slots=True)
class Door:
    """`url` is the store's endpoint, before `/statements`."""

    url: str
    key: str
    secret: str = field(repr=False)

    def headers(self) -> Mapping[str, str]:
        basic = b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return {
            "authorization": f"Basic {basic}",
            "content-type": "application/json",
            "x-experience-api-version": VERSION,
        }


class RecordStore:
    def __init__(self, transport: Transport, clock: Clock, door: Door) -> None:
        self._transport = transport
        self._clock = clock
        self._url = f"{door.url.rstrip('/')}/statements"
        self._headers = door.headers()

    async def keep(self, statements: Sequence[Statement]) -> None:
        """Returns when it has them all; raises RecordStoreAway."""
        if not statements:
            return
        status = await self._post(statements)
        if status in HAS or (status == HAD and len(statements) == 1):
            return
        if status != HAD:
            raise RecordStoreAway(f"{self._url} answered {status}")
        # It had one of them, and took none.
        for statement in statements:
            await self.keep([statement])

    async def _post(self, statements: Sequence[Statement]) -> int:
        call = Call("records", "POST", self._url, self._headers, _to_json(statements))
        try:
            reply = await self._transport.send(call, Deadline.within(self._clock, WITHIN_S))
        except UpstreamError as away:
            raise RecordStoreAway(f"{self._url}: {away}") from away
        return reply.status
