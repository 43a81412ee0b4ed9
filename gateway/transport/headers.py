"""The headers that every answer bears, whoever made it."""

import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = "x-request-id"
SERVER_TIMING = "server-timing"


def new_request_id() -> str:
    """Ours, never the client's: what the log says of it is of one request."""
    return secrets.token_hex(8)


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


def _stamped(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    stamps = [(b"x-content-type-options", b"nosniff")]
    if not any(name == REQUEST_ID.encode() for name, _ in headers):
        stamps.append((REQUEST_ID.encode(), new_request_id().encode()))
    return [*headers, *stamps]
