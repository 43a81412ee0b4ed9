"""`GET /events`, `/events/stream`, `/events/positions` and `/events/state`: a feed over HTTP."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.contracts.events import PARTITIONS
from services.events.errors import Discontinued
from services.events.feed import MOST, Feed

CONSUMER = re.compile(r"[a-z][a-z0-9_-]{0,62}")
LARGEST = 2**63 - 1
LONGEST = 500

_to_json = msgspec.json.Encoder().encode


class BadQuestion(ValueError):
    """A parameter is missing or out of its range."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a consumer asks; without a name it is not remembered."""

    partition: int
    after: int
    limit: int
    consumer: str | None

    @classmethod
    def read(cls, query: QueryParams) -> "Question":
        return cls(
            _number(query, "partition", 0, PARTITIONS - 1),
            _number(query, "after", 0, LARGEST, default="0"),
            _number(query, "limit", 1, MOST, default=str(MOST)),
            _consumer(query),
        )


@dataclass(frozen=True, slots=True)
class StreamQuestion:
    """What a consumer asks that misses some of a stream."""

    stream: str
    after: int
    until: int
    consumer: str | None

    @classmethod
    def read(cls, query: QueryParams) -> "StreamQuestion":
        stream = query.get("stream", "")
        if not 0 < len(stream) <= LONGEST or "\0" in stream:
            raise BadQuestion("stream is the name of one.")
        return cls(
            stream,
            _number(query, "after", 0, LARGEST, default="0"),
            _number(query, "until", 0, LARGEST, default=str(LARGEST)),
            _consumer(query),
        )


def feed_routes(feed: Feed) -> list[Route]:
    answers = {"": _events, "/stream": _of_stream, "/positions": _positions, "/state": _state}
    return [Route(f"/events{path}", partial(_answer, feed, of)) for path, of in answers.items()]


async def _answer(
    feed: Feed, answer: Callable[[Feed, QueryParams], Awaitable[Response]], request: Request
) -> Response:
    try:
        return await answer(feed, request.query_params)
    except BadQuestion as wrong:
        return PlainTextResponse(f"{wrong}\n", 400)


async def _events(feed: Feed, query: QueryParams) -> Response:
    asked = Question.read(query)
    try:
        found = await feed.fetch(asked.partition, asked.after, asked.limit, asked.consumer)
    except Discontinued as gone:
        return _json({"oldest": gone.oldest}, 410)
    if asked.consumer is not None:
        await feed.remember(asked.consumer, asked.partition, asked.after)
    return _json(found)


async def _of_stream(feed: Feed, query: QueryParams) -> Response:
    asked = StreamQuestion.read(query)
    return _json(await feed.of_stream(asked.stream, asked.after, asked.until, asked.consumer))


async def _positions(feed: Feed, _: QueryParams) -> Response:
    return _json(await feed.positions())


async def _state(feed: Feed, _: QueryParams) -> Response:
    return _json(await feed.state())


def _consumer(query: QueryParams) -> str | None:
    consumer = query.get("consumer")
    if consumer is not None and not CONSUMER.fullmatch(consumer):
        raise BadQuestion("consumer is a name of lower case letters, digits, - and _.")
    return consumer


def _number(
    query: QueryParams, name: str, least: int, most: int, default: str | None = None
) -> int:
    text = query.get(name, default) or ""
    # More digits than the largest number has are not worth reading.
    if text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most:
        return int(text)
    raise BadQuestion(f"{name} is a whole number from {least} to {most}.")


def _json(value: object, status: int = 200) -> Response:
    return Response(_to_json(value), status, media_type="application/json")
