"""Reads what is asked out of an HTTP request, strictly and within bounds."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive

from gateway.bad_request import BadRequest, Refusal
from gateway.locale.sentence import Sentence
from gateway.operation.ask import Ask
from gateway.transport.media import charset, media_type
from gateway.transport.strict import BadJson, decoded
from services.kit.begun import Begun

MOST_BYTES = 100_000
WITHIN_S = 10.0
"""From first to last byte of a body, however they are spread."""
MOST_QUERY_BYTES = 16_000
MOST_PARAMETERS = 20
IN_JSON = ("variables", "extensions")
PARAMETERS = {"query", "operationName", "documentId", *IN_JSON}

PLAINLY_JSON = ["application/json"]
NOT_JSON = Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json in UTF-8.")
PACKED = Refusal(
    415, "UNSUPPORTED_MEDIA_TYPE", "Send it unpacked.", {"accept-encoding": "identity"}
)
TOO_LARGE = Refusal(413, "TOO_LARGE", f"A request has at most {MOST_BYTES} bytes.")
TOO_LONG = Refusal(414, "TOO_LONG", "The address is too long: send a POST.")
TOO_SLOW = Refusal(
    408, "REQUEST_TIMEOUT", "The request did not arrive in time.", {"connection": "close"}
)
CUT_OFF = Refusal(400, "BAD_REQUEST", "The request ended too soon.")
BATCH = Refusal(400, "BATCH_REFUSED", "Send one operation a request.")
OTHER_METHOD = Refusal(
    405, "METHOD_NOT_ALLOWED", "Send a POST, or a query by GET.", {"allow": "GET, POST"}
)


async def read(request: Request) -> Ask:
    """Raises BadRequest."""
    if request.method == "GET":
        return _from_query(request.scope["query_string"])
    if request.method != "POST":
        raise BadRequest(OTHER_METHOD)
    _check_head(request)
    return _asked(_json(await _whole(request)))


def _check_head(request: Request) -> None:
    """What can be said before a byte of the body was read."""
    headers = request.headers
    if headers.getlist("content-type") != PLAINLY_JSON and not _is_json(headers):
        raise BadRequest(NOT_JSON)
    if headers.get("content-encoding", "").strip().lower() not in ("identity", ""):
        raise BadRequest(PACKED)
    if int(headers.get("content-length", "0")) > MOST_BYTES:
        raise BadRequest(TOO_LARGE)


def _is_json(headers: Headers) -> bool:
    is_utf_8 = charset(headers) in ("utf-8", "utf8", "")
    return is_utf_8 and media_type(headers) == "application/json"


async def _whole(request: Request) -> bytes:
    """Most are there when it begins: only who must be waited for is timed."""
    coming = Begun(_received(request.receive))
    if coming.is_done:
        return await coming
    try:
        async with asyncio.timeout(WITHIN_S):
            return await coming
    except TimeoutError as slow:
        raise BadRequest(TOO_SLOW) from slow


async def _received(receive: Receive) -> bytes:
    body = bytearray()
    is_whole = False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest(CUT_OFF)
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            raise BadRequest(TOO_LARGE)
        is_whole = not message.get("more_body", False)
    return bytes(body)


def _from_query(text: bytes) -> Ask:
    if len(text) > MOST_QUERY_BYTES:
        raise BadRequest(TOO_LONG)
    params: dict[str, Any] = {}
    for name, value in _pairs(text):
        if name in params:
            raise _bad(Sentence("`{name}` stands twice in the address.", name=name))
        if name in PARAMETERS and value:
            params[name] = _json(value.encode()) if name in IN_JSON else value
    return _asked(params)


def _pairs(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            text.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError as wrong:
        raise _bad("The address cannot be read.") from wrong


def _json(text: bytes) -> Any:
    try:
        return decoded(text)
    except BadJson as bad:
        raise _bad(str(bad)) from bad


def _asked(said: Any) -> Ask:
    if isinstance(said, list):
        raise BadRequest(BATCH)
    try:
        return msgspec.convert(said, Ask)
    except msgspec.ValidationError as wrong:
        raise _bad(Sentence("Not a GraphQL request: {why}.", why=wrong)) from wrong


def _bad(message: str) -> BadRequest:
    return BadRequest(Refusal(400, "BAD_REQUEST", message))
