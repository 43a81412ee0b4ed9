"""Asks the monolith on a viewer's behalf, and reads its ways: cookies, login pages, statuses.

LegacyRefusal   it said no to this one thing; `refusal` says so to the client
"""

from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from legacy import wire
from legacy.conflicts import refusal_of
from legacy.session import Sessions
from services.contracts.errors import (
    HIDDEN,
    ErrorCode,
    Refused,
    UpstreamMisbehaved,
    UpstreamTimeout,
)
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply, Transport

T = TypeVar("T")
UPSTREAM = "legacy"
COOKIE = "MONOSESSION"
SIGN_IN_S = 5.0


class LegacyRefusal(Exception):
    """The monolith said no to this one thing."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class LegacyClient:
    """`url` without a slash at its end; `secret` lets the gateway sign in on behalf of others."""

    def __init__(
        self, transport: Transport, clock: Clock, url: str, secret: str, budget_s: float
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._url = url
        self._secret = secret
        self._budget_s = budget_s
        self._sessions = Sessions(self._sign_in)

    async def get(self, caller: Caller, path: str, form: type[T]) -> T:
        """Raises LegacyRefusal or an UpstreamError."""
        return _read(await self._send(caller, "GET", path), form)

    async def post(self, caller: Caller, path: str, said: object, form: type[T]) -> T:
        """Raises LegacyRefusal or an UpstreamError."""
        body = msgspec.json.encode(said)
        return _read(await self._send(caller, "POST", path, body), form)

    async def close(self) -> None:
        await self._sessions.close()

    async def _send(
        self, caller: Caller, method: str, path: str, body: bytes | None = None
    ) -> Reply:
        """With one more try behind a fresh sign-in when the session had died (LOGIN_PAGE_WITH_200).

        A dead session did nothing, so a command may be sent again as well.
        """
        deadline = caller.deadline.carve(self._budget_s)
        for _ in range(2):
            cookie = await self._cookie(caller.viewer, deadline)
            headers = {"cookie": f"{COOKIE}={cookie}", "content-type": "application/json"}
            call = Call(UPSTREAM, method, self._url + path, headers, body, method == "GET")
            reply = await self._transport.send(call, deadline)
            if not _is_login_page(reply):
                return reply
            self._sessions.drop(caller.viewer, cookie)
        raise UpstreamMisbehaved("the monolith answers a fresh session with its login page")

    async def _cookie(self, viewer: Viewer, deadline: Deadline) -> str:
        if kept := self._sessions.kept(viewer):
            return kept
        try:
            async with deadline.guard():
                return await self._sessions.cookie(viewer)
        except TimeoutError as late:
            raise UpstreamTimeout("sign-in at the monolith") from late

    async def _sign_in(self, viewer: Viewer) -> str:
        form = {"tenant": viewer.tenant, "user": viewer.user, "secret": self._secret}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        call = Call(UPSTREAM, "POST", self._url + "/login", headers, urlencode(form).encode())
        reply = await self._transport.send(call, Deadline.within(self._clock, SIGN_IN_S))
        name, _, rest = reply.headers.get("set-cookie", "").partition("=")
        if name != COOKIE:
            raise UpstreamMisbehaved("the monolith did not sign the viewer in")
        return rest.partition(";")[0]


def _is_login_page(reply: Reply) -> bool:
    return reply.headers.get("content-type", "").startswith("text/html")


def _read(reply: Reply, form: type[T]) -> T:
    if reply.status != 200:
        raise _complaint(reply)
    try:
        return msgspec.json.decode(reply.body, type=form)
    except msgspec.MsgspecError as wrong:
        raise UpstreamMisbehaved(f"not a {form.__name__}: {wrong}") from wrong


def _complaint(reply: Reply) -> Exception:
    """404 and 403 are told apart by the monolith (EXISTENCE_LEAKS), and not by us."""
    refusals = {
        400: Refused(ErrorCode.INVALID, "The input was refused."),
        403: HIDDEN,
        404: HIDDEN,
    }
    if reply.status in refusals:
        return LegacyRefusal(refusals[reply.status])
    return _conflict(reply) if reply.status == 409 else UpstreamMisbehaved(f"status {reply.status}")


def _conflict(reply: Reply) -> Exception:
    try:
        sentence = msgspec.json.decode(reply.body, type=wire.Complaint).error
        return LegacyRefusal(refusal_of(sentence))
    except (msgspec.MsgspecError, KeyError) as wrong:
        return UpstreamMisbehaved(f"status 409: {wrong}")
