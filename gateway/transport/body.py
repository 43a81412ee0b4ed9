"""Reads what is asked out of an HTTP request, strictly."""

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from gateway.operation.ask import Ask

T = TypeVar("T")
MOST_BYTES = 100_000


class BadRequest(Exception):
    """The request cannot be read; `status`, `code` and the message are for the client."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


async def read(request: Request) -> Ask:
    """Raises BadRequest."""
    return _from_query(request) if request.method == "GET" else await _from_body(request)


def _from_query(request: Request) -> Ask:
    params: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if name in params:
            params[name] = _decoded(params[name].encode(), dict)
    return _converted(params)


async def _from_body(request: Request) -> Ask:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise BadRequest(415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json.")
    return _decoded(await _bounded(request), Ask)


async def _bounded(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BadRequest(413, "TOO_LARGE", f"A request has at most {MOST_BYTES} bytes.")
    return bytes(body)


def _decoded(text: bytes, form: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=form)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise BadRequest(400, "BAD_REQUEST", "This is not a GraphQL request in JSON.") from wrong


def _converted(params: dict[str, Any]) -> Ask:
    try:
        return msgspec.convert(params, Ask)
    except msgspec.ValidationError as wrong:
        raise BadRequest(400, "BAD_REQUEST", "`query` is missing.") from wrong
