"""A door that only our own processes come in by: what is not signed and fresh gets a 401."""

from starlette.datastructures import QueryParams
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit.log import Log
from services.kit.signing import HEADER, SIGNED, BadCall, Signed, Verifier

log = Log("signing")
OPEN = "/health/"
MOST_BYTES = 5_000_000
READ = {name.encode() for name in (*SIGNED, HEADER)}


class TooLarge(Exception):
    """The body is longer than any of ours."""


class SignedOnly:
    """Wraps a service's application; only its health is told to everybody."""

    def __init__(self, app: ASGIApp, verifier: Verifier) -> None:
        self._app = app
        self._verifier = verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OPEN):
            await self._app(scope, receive, send)
            return
        try:
            body = await _body(receive)
            self._check(scope, body)
        except BadCall as bad:
            log.warning("signing.refused", why=str(bad), path=scope["path"])
            await PlainTextResponse("Not for you.\n", 401)(scope, receive, send)
        except TooLarge:
            await PlainTextResponse("Too large.\n", 413)(scope, receive, send)
        else:
            await self._app(scope, _again(body, receive), send)

    def _check(self, scope: Scope, body: bytes) -> None:
        name = self._verifier.name(Signed(scope["method"], _target(scope), _headers(scope), body))
        consumers = QueryParams(scope["query_string"]).getlist("consumer")
        self._verifier.check_consumer(name, consumers)


def _target(scope: Scope) -> str:
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _headers(scope: Scope) -> dict[str, str]:
    """One that is said twice could be read in two ways: whoever reads it later is not us."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name in READ:
            if name.decode() in found:
                raise BadCall("a header said twice")
            found[name.decode()] = value.decode("latin-1")
    return found


async def _body(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BadCall("left before it was said")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise TooLarge
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Tells the application the body that was read, and then what comes behind it."""
    unread = [body]

    async def told() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return told
