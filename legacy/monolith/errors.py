"""How the monolith refuses, and how each refusal is put on the wire.

Refusal
├── Forbidden   403, text
├── Missing     404, text
├── Invalid     400, JSON
└── Conflict    409, JSON
"""

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response


class Refusal(Exception):
    """The request is understood and not done."""

    status = 400

    def response(self) -> Response:
        return JSONResponse({"error": str(self)}, self.status)


class Invalid(Refusal):
    """What was sent makes no sense."""


class Conflict(Refusal):
    """What was asked for cannot be done now."""

    status = 409


class Forbidden(Refusal):
    """It is there, and not for the one who asks."""

    status = 403

    def response(self) -> Response:
        return PlainTextResponse("Forbidden", self.status)


class Missing(Refusal):
    """It is not there."""

    status = 404

    def response(self) -> Response:
        return PlainTextResponse("Not Found", self.status)


async def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101
    return error.response()


async def unreadable(_: Request, __: Exception) -> Response:
    """PostgreSQL cannot hold it: an id beyond 64 bits, a NUL in a text."""
    return Invalid("This value cannot be stored.").response()


async def failed(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "Internal error"}, 500)


HANDLERS = {Refusal: refused, asyncpg.DataError: unreadable, Exception: failed}
