"""How a service is asked: a question's path, its words, and its answer's; and what a command adds.

A command is a question sent with a key; where nothing is done it answers a Refused instead.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Question(Generic[Q, A]):
    """Asked by POST, since there is no end to how many ids one asks for."""

    path: str
    asks: type[Q]
    answers: type[A]


class Nothing(msgspec.Struct, frozen=True):
    """The viewer says it all."""


class Ids(msgspec.Struct, frozen=True):
    ids: list[int]


class Pairs(msgspec.Struct, frozen=True):
    """Courses, each with a person of the tenant."""

    pairs: list[tuple[int, int]]


IDEMPOTENCY_KEY = "idempotency-key"

REFUSED_STATUS, HIDDEN_STATUS, BUSY_STATUS, KEY_REUSED_STATUS = 403, 404, 409, 422
"""REFUSED_STATUS is that of every refusal which none of the others is for."""
REFUSED = frozenset({REFUSED_STATUS, HIDDEN_STATUS, BUSY_STATUS, KEY_REUSED_STATUS})
"""Statuses of a Refused."""
