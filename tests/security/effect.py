"""How far two samples can be told apart: Mann and Whitney's U, as a share and as a p-value."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence


def told_apart(first: Sequence[float], second: Sequence[float]) -> float:
    """How often one of the first is above one of the second: 0.5 where nothing tells them apart."""
    known = sorted(second)
    below = sum(bisect_left(known, one) + bisect_right(known, one) for one in first)
    return below / (2 * len(first) * len(known))


def p_value(share: float, first: int, second: int) -> float:
    """That chance alone gives such a share, of samples of these sizes; two-sided, by the normal."""
    spread = math.sqrt((first + second + 1) / (12 * first * second))
    return math.erfc(abs(share - 0.5) / spread / math.sqrt(2))
