"""Before the door: a request that is known but for its token is answered out of what is kept."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeAlias

import msgspec
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.execution.operation import Operation
from gateway.execution.recalling import Recalling
from gateway.identity.identity import Identity
from gateway.identity.token import BadToken, Tokens
from gateway.transport.conditional import Line
from gateway.transport.front import PATH
from gateway.transport.headers import REQUEST_ID, new_request_id
from gateway.transport.lately import Lately
from gateway.transport.recognized import OFFER, SAMPLED, Offer, Recognized
from services.contracts.viewer import Viewer
from services.kit.begun import Begun
from services.kit.clock import Clock
from services.kit.telemetry import draws

LASTS_S = 1.0
"""From then on it is read anew: what was withdrawn or turned meanwhile counts."""
MOST, MOST_PASSES = 1_000, 20_000
MOST_BODY_BYTES = 8_000
AUTHORIZATION = b"authorization"
ID = REQUEST_ID.encode()

Marks: TypeAlias = Callable[[], Hashable]
"""Another value whenever a change was heard, somebody signed out, a key or a flag was turned."""
_encoder = msgspec.msgpack.Encoder()


class Pass(msgspec.Struct, frozen=True, gc=False):
    """What one viewer's request was told, while nothing changed."""

    marks: Hashable
    viewer: Viewer
    operation: Operation
    response: Response


@dataclass(frozen=True, slots=True)
class Recognizing:
    """Two requests are one where all is alike but the bearer's token; each token is verified, and
    its viewer judged by the guards: again where anything changed, or after a second.
    """

    app: ASGIApp
    recalling: Recalling
    tokens: Tokens
    clock: Clock
    trace_percent: float
    marks: Marks
    known: Lately[Recognized] = field(default_factory=lambda: Lately(MOST))
    passes: Lately[Pass] = field(default_factory=lambda: Lately(MOST_PASSES))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or not _shows_token(scope):
            await self.app(scope, receive, send)
            return
        first = Begun(receive())
        # Whoever trickles a body waits at the door, which times them.
        body = _body(await first) if first.is_done else None
        response = None if body is None else self._response(scope, body)
        if response is None:
            await self.app(scope, _replayed(first, receive), self._noting(scope, body, send))
            return
        head = [*response.raw_headers, (ID, new_request_id().encode())]
        status = response.status_code
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": response.body})

    def _response(self, scope: Scope, body: bytes) -> Response | None:
        lines, now_s = scope["headers"], self.clock.monotonic_s()
        whole = _digest(scope, lines, body)
        passed = self.passes.find(whole, now_s)
        if passed is not None and passed.marks == self.marks():
            return self._told_again(scope, passed)
        others = _others(lines)
        recognized = self.known.find(_digest(scope, others, body), now_s) if others else None
        if recognized is None or self._is_drawn(scope):
            return None
        return self._judged(recognized, dict(lines)[AUTHORIZATION], whole, now_s)

    def _told_again(self, scope: Scope, passed: Pass) -> Response | None:
        if self._is_drawn(scope) or not self.recalling.counts(passed.operation, passed.viewer):
            return None
        return passed.response

    def _judged(
        self, recognized: Recognized, bearer: bytes, whole: bytes, now_s: float
    ) -> Response | None:
        marks, identity = self.marks(), self._identity(bearer)
        if identity is None:
            return None
        found = self.recalling.recall(recognized.operation, identity.viewer, recognized.names)
        if found is None:
            return None
        response, same_s = recognized.answer(found)
        holds_s = identity.expires_s - self.clock.now().timestamp()
        lasts_s = min(LASTS_S, same_s, holds_s, self.recalling.hears_s)
        passed = Pass(marks, identity.viewer, recognized.operation, response)
        self.passes.keep(whole, passed, now_s, now_s + lasts_s)
        return response

    def _identity(self, bearer: bytes) -> Identity | None:
        try:
            return self.tokens.bearer(bearer.decode("latin-1"))
        except BadToken:
            return None

    def _is_drawn(self, scope: Scope) -> bool:
        """One whose trace is told goes the whole way."""
        if not draws(self.trace_percent):
            return False
        scope[SAMPLED] = True
        return True

    def _noting(self, scope: Scope, body: bytes | None, send: Send) -> Send:
        others = _others(scope["headers"])
        if body is None or others is None:
            return send
        offer = scope[OFFER] = Offer()

        async def noting(message: Message) -> None:
            if offer.made is not None and message["type"] == "http.response.start":
                recognized, response = offer.made
                if recognized.around(response, message["headers"]):
                    now_s, digest = self.clock.monotonic_s(), _digest(scope, others, body)
                    self.known.keep(digest, recognized, now_s, now_s + LASTS_S)
            await send(message)

        return noting


def _shows_token(scope: Scope) -> bool:
    """And sends the body without asking first, which the door may refuse by its head alone."""
    names = dict(scope["headers"])
    return AUTHORIZATION in names and b"expect" not in names


def _body(first: Message) -> bytes | None:
    """None for a large one, whose request is never recognized."""
    body: bytes = first.get("body", b"")
    return None if first.get("more_body") or len(body) > MOST_BODY_BYTES else body


def _others(lines: Sequence[Line]) -> list[Line] | None:
    """Those beside the one that tells whose it is; None where it is nobody's, or two say so."""
    others = [line for line in lines if line[0] != AUTHORIZATION]
    return others if len(others) == len(lines) - 1 else None


def _digest(scope: Scope, lines: Sequence[Line], body: bytes) -> bytes:
    """No token lies in memory for it."""
    said = _encoder.encode((scope["method"], scope["query_string"], lines, body))
    return blake2b(said, digest_size=20).digest()


def _replayed(first: Begun[Message], receive: Receive) -> Receive:
    is_told = False

    async def replayed() -> Message:
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return await first

    return replayed
