"""How we call an upstream: one port, so that the client behind it can change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.kit.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `upstream` names the source in telemetry."""

    upstream: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, read to its end; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Transport(Protocol):
    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Answers before the deadline or raises an UpstreamError; no redirect is followed."""
