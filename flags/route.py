"""The one place that picks a side."""

from typing import TypeVar

from flags.decide import Decisions
from flags.names import Capability, Side

T = TypeVar("T")


def route(decisions: Decisions, capability: Capability, *, legacy: T, service: T) -> T:
    """Of two that can do the same, the one that was decided on."""
    return pick(decisions.side(capability), legacy=legacy, service=service)


def pick(side: Side, *, legacy: T, service: T) -> T:
    """Of two that can do the same, the one on this side."""
    return service if side is Side.SERVICE else legacy
