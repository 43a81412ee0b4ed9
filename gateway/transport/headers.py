"""The headers that every answer bears, whoever made it."""

from collections.abc import Iterable
from secrets import randbits

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "x-request-id"
SERVER_TIMING = "server-timing"
_ID = REQUEST_ID.encode()
NOT_SNIFFED = (b"x-content-type-options", b"nosniff")


def new_request_id() -> str:
    """Ours, never the client's: what the log says of it is of one request. No secret."""
    return f"{randbits(64):016x}"


class Stamped:
    """An application whose answers all have an id, and are taken for what they say they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _stamped(message.get("headers", ()))
            await send(message)

        await self._app(scope, receive, stamped if scope["type"] == "http" else send)


def _stamped(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    stamped = [*headers, NOT_SNIFFED]
    if _ID not in dict(stamped):
        stamped.append((_ID, new_request_id().encode()))
    return stamped
