"""How we call an upstream: one port, so that the client behind it can change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from services.kit.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `upstream` names the source. `is_read`: nothing is done by it, however often."""

    upstream: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    is_read: bool = False


def nothing() -> None: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, read to its end; header names in lower case.

    Whoever cannot make out what it says calls `misread`.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    misread: Callable[[], None] = field(default=nothing, repr=False, compare=False)


class Transport(Protocol):
    async def send(self, call: Call, deadline: Deadline) -> Reply:
        """Answers before the deadline or raises an UpstreamError; no redirect is followed."""
