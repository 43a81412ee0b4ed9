"""A request that is not read further: its status, and a code and a sentence for the client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """`headers` go with the answer, `about` beside the code."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


class BadRequest(Exception):
    """Made anew each time: one that is raised again and again keeps every frame it came by."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
