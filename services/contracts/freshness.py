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


class Known(msgspec.Struct, frozen=True):
    """What an answer was made of: so much of these streams, at least, as `source` told them.

    `lag_ms` is the age of the oldest event known to be missing.
    """

    source: Source
    versions: dict[str, int] = {}
    freshness: Freshness = Freshness.CURRENT
    lag_ms: int = 0


def missing(wanted: Seen, known: Seen) -> dict[str, int]:
    """What is wanted and not known, of each stream its wanted version."""
    return {stream: version for stream, version in wanted.items() if version > known.get(stream, 0)}


def merged(*seen: Seen) -> dict[str, int]:
    """Of each stream the greatest version, in the order in which streams are first named."""
    all_: dict[str, int] = {}
    for one in seen:
        for stream, version in one.items():
            all_[stream] = max(version, all_.get(stream, 0))
    return all_
