"""What one upstream is given: how many calls at once, and how long is long enough."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """A timeout speaks against an upstream only where it was given `fair_s`: whoever asks with
    little time left, or with a small deadline of their own, closes it for nobody else.

    `hedges`: another instance may answer sooner. One that stands alone is only made busier.
    """

    at_once: int
    waiting: int
    fair_s: float
    hedges: bool = False
