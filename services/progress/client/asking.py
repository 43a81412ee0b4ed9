"""Asks the progress service on a viewer's behalf, for many things with one call."""

from collections.abc import Sequence
from hashlib import sha256
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
from services.contracts.progress_api import IDEMPOTENCY_KEY, REFUSED, Ids, Question
from services.contracts.viewer_headers import headers_of
from services.kit.caller import Caller
from services.kit.http import Call, Reply, Transport
from services.kit.log import Log

Q = TypeVar("Q")
A = TypeVar("A")
UPSTREAM = "progress"
STATUSES = {503: UpstreamUnreachable, 504: UpstreamTimeout}
log = Log("progress.client")


class ProgressClient:
    """`url` without a slash at its end; one call takes `budget_s` at most."""

    def __init__(self, transport: Transport, url: str, budget_s: float) -> None:
        self._transport = transport
        self._url = url
        self._budget_s = budget_s

    async def ask(self, caller: Caller, question: Question[Q, A], said: Q) -> A:
        """Raises an UpstreamError."""
        reply = await self._send(caller, question, said, {})
        if reply.status != 200:
            raise _failure(reply)
        return _read(reply, question.answers)

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
            return [told(failed)] * wanted
        return [HIDDEN if answer is None else answer for answer in answers]

    async def command(
        self, caller: Caller, command: Question[Q, A], said: Q, key: str
    ) -> A | Refused:
        """A key of any length and letters fits into the header as its digest."""
        digest = sha256(key.encode(errors="surrogatepass")).hexdigest()
        try:
            reply = await self._send(caller, command, said, {IDEMPOTENCY_KEY: digest})
            if reply.status in REFUSED:
                return _read(reply, Refused)
            if reply.status != 200:
                raise _failure(reply)
            return _read(reply, command.answers)
        except UpstreamError as failed:
            return told(failed)

    async def _send(
        self, caller: Caller, question: Question[Q, A], said: Q, headers: dict[str, str]
    ) -> Reply:
        headers |= {**headers_of(caller.viewer), "content-type": "application/json"}
        body = msgspec.json.encode(said)
        call = Call(UPSTREAM, "POST", self._url + question.path, headers, body)
        return await self._transport.send(call, caller.deadline.carve(self._budget_s))


def told(failed: UpstreamError) -> Refused:
    log.warning("progress.failed", kind=type(failed).__name__, why=str(failed))
    return failed.refusal


def _read(reply: Reply, form: type[A]) -> A:
    try:
        return msgspec.json.decode(reply.body, type=form)
    except msgspec.MsgspecError as wrong:
        raise UpstreamMisbehaved(f"not a {form}: {wrong}") from wrong


def _failure(reply: Reply) -> UpstreamError:
    return STATUSES.get(reply.status, UpstreamMisbehaved)(f"status {reply.status}")
