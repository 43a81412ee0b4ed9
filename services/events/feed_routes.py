"""`GET /events` and `GET /events/positions`: the feed over HTTP."""

import re
from dataclasses import dataclass

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
        consumer = query.get("consumer")
        if consumer is not None and not CONSUMER.fullmatch(consumer):
            raise BadQuestion("consumer is a name of lower case letters, digits, - and _.")
        return cls(
            _number(query, "partition", 0, PARTITIONS - 1),
            _number(query, "after", 0, LARGEST, default="0"),
            _number(query, "limit", 1, MOST, default=str(MOST)),
            consumer,
        )


def feed_routes(feed: Feed) -> list[Route]:
    async def events(request: Request) -> Response:
        try:
            asked = Question.read(request.query_params)
            found = await feed.fetch(asked.partition, asked.after, asked.limit, asked.consumer)
        except BadQuestion as wrong:
            return PlainTextResponse(f"{wrong}\n", 400)
        except Discontinued as gone:
            return _json({"oldest": gone.oldest}, 410)
        if asked.consumer is not None:
            await feed.remember(asked.consumer, asked.partition, asked.after)
        return _json(found)

    async def positions(_: Request) -> Response:
        return _json(await feed.positions())

    return [Route("/events", events), Route("/events/positions", positions)]


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
