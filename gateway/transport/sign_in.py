"""`POST /session`, `DELETE /session` and `DELETE /sessions`: a cookie for a token, and the end.

A page of another origin can send none of these: each needs a header or a method that browsers ask
us about first.
"""

from dataclasses import dataclass, field

from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.bad_request import Refusal
from gateway.identity.identity import Identity, alone, everywhere
from gateway.identity.session import Sessions
from gateway.identity.signed_out import SignedOutEverywhere
from gateway.identity.token import BadToken, Tokens
from gateway.locale.tongue import Tongues
from gateway.transport import whole
from gateway.transport.cookies import AWAY, Cookie, identity_of

UNAUTHENTICATED = Refusal(401, "UNAUTHENTICATED", "The bearer token is not valid.")


@dataclass(frozen=True, slots=True)
class SignIn:
    tokens: Tokens
    sessions: Sessions
    signed_out: SignedOutEverywhere
    cookie: Cookie
    tongues: Tongues = field(default_factory=Tongues)

    def routes(self) -> list[Route]:
        return [
            Route("/session", self.begin, methods=["POST"]),
            Route("/session", self.end, methods=["DELETE"]),
            Route("/sessions", self.end_all, methods=["DELETE"]),
        ]

    async def begin(self, request: Request) -> Response:
        """A new secret whatever the cookie said: rights may be others now."""
        try:
            identity = self.tokens.bearer(request.headers.get("authorization"))
        except BadToken:
            identity = None
        if identity is None:
            return self._refused(UNAUTHENTICATED, request)
        try:
            if (old := self.cookie.secret(request.headers)) is not None:
                await self.sessions.end(old)
            return self._answer(await self.sessions.begin(identity))
        except (RedisError, OSError):
            return self._refused(AWAY, request)

    async def end(self, request: Request) -> Response:
        """Of the cookie's session, on every process; who has none is out already."""
        identity = identity_of(request.scope)
        if identity is None or identity.session is None:
            return self._answer("")
        return await self._out(alone(identity.session), request)

    async def end_all(self, request: Request) -> Response:
        """Of the person, by their cookie or their token: sessions, tokens and open sockets."""
        identity = self._who(request)
        if identity is None:
            return self._refused(UNAUTHENTICATED, request)
        return await self._out(everywhere(identity.viewer), request)

    def _who(self, request: Request) -> Identity | None:
        try:
            shown = self.tokens.bearer(request.headers.get("authorization"))
            identity = shown or identity_of(request.scope)
            if identity is not None:
                self.tokens.check(identity)
        except BadToken:
            return None
        return identity

    async def _out(self, name: str, request: Request) -> Response:
        try:
            await self.signed_out.add(name)
            if (secret := self.cookie.secret(request.headers)) is not None:
                await self.sessions.end(secret)
        except (RedisError, OSError):
            return self._refused(AWAY, request)
        response = self._answer("")
        # A browser would keep what it was told for whoever sits there next.
        response.headers["clear-site-data"] = '"cache"'
        return response

    def _refused(self, refusal: Refusal, request: Request) -> Response:
        tongue = self.tongues.of(request.headers.getlist("accept-language"))
        return whole.refuse(refusal, tongue)

    def _answer(self, secret: str) -> Response:
        response = Response(status_code=204, headers={"cache-control": "no-store"})
        self.cookie.set(response.headers, secret)
        return response
