"""How new an answer is, and the token by which a client says what it has seen."""

from enum import StrEnum
from typing import NewType

import msgspec

from services.contracts.assessment import Source

ConsistencyToken = NewType("ConsistencyToken", str)


class Freshness(StrEnum):
    """PENDING: one's own writes are laid over an older projection."""

    CURRENT = "CURRENT"
    PENDING = "PENDING"
    DEGRADED = "DEGRADED"


class AsOf(msgspec.Struct, frozen=True):
    token: ConsistencyToken
    freshness: Freshness
    lag_ms: int
    source: Source
