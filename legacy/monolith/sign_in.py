"""The login page, and the door that shows it, with status 200, to whoever is not signed in."""

import hmac
import re
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from legacy.monolith.parts import Parts
from legacy.monolith.session import COOKIE, SESSION, Sessions

OPEN_TO_ALL = {"/health", "/login"}
USER = re.compile(r"\d{1,18}", re.ASCII)

LOGIN_PAGE = """<!DOCTYPE html>
<html><head><title>Sign in</title></head><body>
<h1>Please sign in</h1>
<form method="post" action="/login">
<input name="tenant"><input name="user"><input name="secret" type="password">
<button>Sign in</button>
</form></body></html>
"""

TIMEZONE_OF = """
SELECT timezone FROM people JOIN tenants ON tenants.id = people.tenant_id
WHERE people.tenant_id = $1 AND people.id = $2
"""


class Door:
    """Lets signed-in requests pass, with their session in the scope; others see the login page."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_TO_ALL:
            await self._app(scope, receive, send)
            return
        session = self._sessions.living(Request(scope).cookies.get(COOKIE))
        if session is None:
            await HTMLResponse(LOGIN_PAGE)(scope, receive, send)
            return
        scope[SESSION] = session
        await self._app(scope, receive, send)


class Login:
    """POST /login: whoever knows the gateway's secret signs in as anybody."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def answer(self, request: Request) -> Response:
        form = await _form(request)
        timezone = await self._timezone(form) if self._knows_secret(form) else None
        if timezone is None:
            return HTMLResponse(LOGIN_PAGE)
        cookie = self._parts.sessions.open(form["tenant"], int(form["user"]), timezone)
        welcome = HTMLResponse("<!DOCTYPE html>\n<html><body>Welcome</body></html>\n")
        welcome.set_cookie(COOKIE, cookie, httponly=True)
        return welcome

    def _knows_secret(self, form: dict[str, str]) -> bool:
        secret = self._parts.settings.gateway_secret
        given = form.get("secret", "")
        return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())

    async def _timezone(self, form: dict[str, str]) -> str | None:
        """The zone of the tenant in which there is such a person."""
        user = form.get("user", "")
        if not USER.fullmatch(user):
            return None
        async with self._parts.transaction() as db:
            zone: str | None = await db.fetchval(TIMEZONE_OF, form.get("tenant", ""), int(user))
            return zone


class Logout:
    """POST /logout: forgets the session and shows the login page."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def answer(self, request: Request) -> Response:
        self._parts.sessions.close(request.cookies.get(COOKIE))
        return HTMLResponse(LOGIN_PAGE)


async def _form(request: Request) -> dict[str, str]:
    text = (await request.body()).decode(errors="replace")
    return {name: values[-1] for name, values in parse_qs(text).items()}
