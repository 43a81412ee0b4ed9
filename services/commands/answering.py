"""Takes a command over HTTP, and answers its reply or, with a status of its own, its refusal."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias, TypeVar

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.commands.bus import Bus, Handler, Order
from services.contracts.assessment_api import WAITED
from services.contracts.errors import ErrorCode, Refused
from services.contracts.question import (
    BUSY_STATUS,
    HIDDEN_STATUS,
    IDEMPOTENCY_KEY,
    KEY_REUSED_STATUS,
    REFUSED_STATUS,
    Question,
)
from services.kit.answering import CLOCK, Asking, as_json, route
from services.kit.clock import Clock

C = TypeVar("C")
R = TypeVar("R")
Execute: TypeAlias = Callable[[Order[C]], Awaitable[R | Refused]]
LONGEST_KEY = 200
MS = re.compile(r"[0-9]{1,9}")
STATUSES = {ErrorCode.KEY_REUSED: KEY_REUSED_STATUS, ErrorCode.NOT_FOUND: HIDDEN_STATUS}


def command_route(
    question: Question[C, R], handler: Handler[C, R], bus: Bus, clock: Clock = CLOCK
) -> Route:
    return order_route(question, partial(bus.execute, handler), bus.source, clock)


def order_route(
    question: Question[C, R], execute: Execute[C, R], source: str, clock: Clock = CLOCK
) -> Route:
    """As command_route, where one command is more than one transaction."""
    return route(question, partial(answer_of, execute), source, clock)


async def answer_of(execute: Execute[C, R], asking: Asking[C]) -> Response:
    key = asking.request.headers.get(IDEMPOTENCY_KEY, "")
    if not 0 < len(key) <= LONGEST_KEY:
        return PlainTextResponse(f"{IDEMPOTENCY_KEY} is missing or too long.\n", 400)
    order = Order(asking.viewer, key, asking.said, asking.trace.traceparent, since_s(asking))
    reply = await execute(order)
    return as_json(reply, status_of(reply) if isinstance(reply, Refused) else 200)


def since_s(asking: Asking[C]) -> float:
    """When whoever calls us got it, on our own monotonic scale."""
    waited = asking.request.headers.get(WAITED, "")
    return asking.began_s - (int(waited) / 1000 if MS.fullmatch(waited) else 0.0)


def status_of(refused: Refused) -> int:
    if refused.retryable:
        return BUSY_STATUS
    return STATUSES.get(refused.code, REFUSED_STATUS)
