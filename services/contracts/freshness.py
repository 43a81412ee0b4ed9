"""How new an answer is, and the token by which a client says what it has seen."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NewType, TypeAlias

import msgspec

from services.contracts.assessment import Source

ConsistencyToken = NewType("ConsistencyToken", str)

Seen: TypeAlias = Mapping[str, int]
"""Which version of each stream somebody has seen; a stream is named `source:stream`."""


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
