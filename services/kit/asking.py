"""Asks a service on a viewer's behalf, for many things with one call."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar

import msgspec

from services.contracts.errors import (
    HIDDEN,
    Refused,
    UpstreamError,
    UpstreamMisbehaved,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.contracts.question import IDEMPOTENCY_KEY, REFUSED, Ids, Question
from services.contracts.seen_header import header_of
from services.contracts.viewer_headers import headers_of
from services.kit.caller import Caller
from services.kit.http import Call, Reply, Transport
from services.kit.log import Log
from services.kit.told import told

Q = TypeVar("Q")
A = TypeVar("A")
STATUSES = {503: UpstreamUnreachable, 504: UpstreamTimeout}
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class ServiceClient:
    """`url` without a slash at its end; one call takes `budget_s` at most."""

    def __init__(self, transport: Transport, upstream: str, url: str, budget_s: float) -> None:
        self._transport = transport
        self._upstream = upstream
        self._url = url
        self._budget_s = budget_s
        self._log = Log(f"{upstream}.client")

    async def ask(self, caller: Caller, question: Question[Q, A], said: Q) -> A:
        """Raises an UpstreamError."""
        reply = await self._send(caller, question, said, is_read=True)
        if reply.status != 200:
            raise _failure(reply)
        return _read(reply, question.answers)

    async def consult(self, caller: Caller, question: Question[Q, A], said: Q) -> A | Refused:
        """As `ask`, of what may be refused as a command may; a failure is refused as well."""
        try:
            return _done(await self._send(caller, question, said, is_read=True), question)
        except UpstreamError as failed:
            return self.told(failed)

    async def each(
        self, caller: Caller, question: Question[Ids, list[A | None]], ids: Sequence[int | None]
    ) -> list[A | Refused]:
        """One item per local id, None being the id of nothing; a failed call is each one's."""
        known = [one for one in ids if one is not None]
        answers = await self.items(caller, question, Ids(known), len(known))
        found = iter(answers)
        return [HIDDEN if one is None else next(found) for one in ids]

    async def items(
        self, caller: Caller, question: Question[Q, list[A | None]], said: Q, wanted: int
    ) -> list[A | Refused]:
        """As many items as are wanted, what the viewer may not see being HIDDEN."""
        if not wanted:
            return []
        try:
            answers = await self.ask(caller, question, said)
            if len(answers) != wanted:
                raise UpstreamMisbehaved(f"{len(answers)} answers to {wanted} ids")
        except UpstreamError as failed:
            return [self.told(failed)] * wanted
        return [HIDDEN if answer is None else answer for answer in answers]

    async def command(
        self,
        caller: Caller,
        command: Question[Q, A],
        said: Q,
        key: str,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> A | Refused:
        """A key of any length and letters fits into the header as its digest."""
        digest = sha256(key.encode(errors="surrogatepass")).hexdigest()
        try:
            reply = await self._send(caller, command, said, {**headers, IDEMPOTENCY_KEY: digest})
            return _done(reply, command)
        except UpstreamError as failed:
            return self.told(failed)

    def told(self, failed: UpstreamError) -> Refused:
        why = told(failed)
        self._log.warning(f"{self._upstream}.failed", kind=type(failed).__name__, why=why)
        return failed.refusal

    async def _send(
        self,
        caller: Caller,
        question: Question[Q, A],
        said: Q,
        more: Mapping[str, str] = NO_HEADERS,
        *,
        is_read: bool = False,
    ) -> Reply:
        headers = {
            **more,
            **headers_of(caller.viewer),
            **header_of(caller.seen),
            "content-type": "application/json",
        }
        body = msgspec.json.encode(said)
        url = self._url + question.path
        call = Call(self._upstream, "POST", url, headers, body, is_read)
        return await self._transport.send(call, caller.deadline.carve(self._budget_s))


def _done(reply: Reply, command: Question[Q, A]) -> A | Refused:
    if reply.status in REFUSED:
        return _read(reply, Refused)
    if reply.status != 200:
        raise _failure(reply)
    return _read(reply, command.answers)


def _read(reply: Reply, form: type[A]) -> A:
    try:
        return msgspec.json.decode(reply.body, type=form)
    except msgspec.MsgspecError as wrong:
        reply.misread()
        raise UpstreamMisbehaved(f"not a {form}: {wrong}") from wrong


def _failure(reply: Reply) -> UpstreamError:
    return STATUSES.get(reply.status, UpstreamMisbehaved)(f"status {reply.status}")
