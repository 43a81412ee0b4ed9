"""Knows who comes with a cookie, and lets it carry the newest that they have seen."""

from dataclasses import dataclass

from redis.exceptions import RedisError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.bad_request import Refusal
from gateway.identity.carried import Carried
from gateway.identity.identity import Identity
from gateway.identity.session import LONGEST_S, Session, Sessions
from gateway.locale.tongue import Tongues
from gateway.transport import whole
from services.kit import consistency
from services.kit.consistency import Consistency
from services.kit.log import Log

log = Log("session")
AWAY = Refusal(
    503, "SESSIONS_AWAY", "Sessions cannot be read just now: try again.", {"retry-after": "1"}
)
FOUND = "banyan.session"
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Cookie:
    """Only over TLS and from our own host, where that is so."""

    is_secure: bool

    @property
    def name(self) -> str:
        return "__Host-banyan" if self.is_secure else "banyan"

    def set(self, headers: MutableHeaders, secret: str) -> None:
        """An empty secret takes it away."""
        lasts_s = LONGEST_S if secret else 0
        secure = "; Secure" if self.is_secure else ""
        text = f"{self.name}={secret}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax{secure}"
        headers.append("set-cookie", text)

    def secret(self, headers: Headers) -> str | None:
        said = cookie_parser(headers.get("cookie", "")).get(self.name, "")
        return said if 0 < len(said) <= LONGEST else None


def identity_of(scope: Scope) -> Identity | None:
    """Whose session the request's cookie is of."""
    carried = carried_of(scope)
    return None if carried is None else carried.identity


def carried_of(scope: Scope) -> Carried | None:
    """What the session of the request's cookie has seen."""
    found: Carried | None = scope.get(FOUND)
    return found


class WithSessions:
    """Wraps what answers requests; who shows a token has no need of a cookie."""

    def __init__(
        self,
        app: ASGIApp,
        sessions: Sessions,
        cookie: Cookie,
        consistency_: Consistency,
        tongues: Tongues | None = None,
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._cookie = cookie
        self._consistency = consistency_
        self._tongues = tongues or Tongues()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        secret = None if "authorization" in headers else self._cookie.secret(headers)
        if secret is None:
            await self._app(scope, receive, send)
            return
        try:
            session = await self._sessions.find(secret)
        except (RedisError, OSError) as away:
            log.warning("session.redis_away", why=str(away))
            tongue = self._tongues.of(headers.getlist("accept-language"))
            await whole.refuse(AWAY, tongue)(scope, receive, send)
            return
        if session is None:
            await self._app(scope, receive, send)
            return
        await self._serve(session, scope, receive, send)

    async def _serve(self, session: Session, scope: Scope, receive: Receive, send: Send) -> None:
        carried = Carried(session, self._sessions)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._tell(session, carried, MutableHeaders(scope=message))
            await send(message)

        seen = self._consistency.token(session.seen) if session.seen else ""
        said = [(consistency.HEADER.encode(), seen.encode())] if seen else []
        own = {**scope, FOUND: carried, "headers": [*scope["headers"], *said]}
        await self._app(own, receive, told)

    async def _tell(self, session: Session, carried: Carried, headers: MutableHeaders) -> None:
        if session.secret is not None:
            self._cookie.set(headers, session.secret)
        token = headers.get(consistency.HEADER)
        if token is not None:
            await carried.note(self._consistency.seen(token))
