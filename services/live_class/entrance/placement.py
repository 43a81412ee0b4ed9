"""Which relays are best for somebody: near, with room, and well heard of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.live_class.entrance.regions import Point, Region

KM_PER_MS = 100.0
"""Light in fibre goes 200 km in a millisecond, and has to come back."""
GOOD_RTT_MS, GOOD_LOSS_PERCENT = 300.0, 1.0
"""Twice the 150 ms one way below which ITU-T G.114 finds speech unharmed; the loss is our own."""
MS_PER_LOSS_PERCENT = 20.0
BAND_MS = 10.0
"""Within so much relays are as near as each other, and the one with the lesser load is better."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a region's relays do. `load` are those who use them or are expected to in a moment.

    Of the last two minutes: the median round trip, the mean loss, and how many have reported.
    """

    load: int = 0
    rtt_ms: float | None = None
    loss_percent: float = 0.0
    reports: int = 0


UNHEARD_OF = Standing()


def ranked(
    regions: Sequence[Region], here: Point | None, standings: Mapping[str, Standing]
) -> list[Region]:
    """The best first. Those that are full come last: to be relayed badly is better than not."""

    def rank(region: Region) -> tuple[bool, int, float, float, str]:
        standing = standings.get(region.name, UNHEARD_OF)
        cost_ms = far_ms(region, here) + harm_ms(standing)
        fullness = standing.load / region.capacity
        return fullness >= 1, round(cost_ms / BAND_MS), fullness, cost_ms, region.name

    return sorted(regions, key=rank)


def far_ms(region: Region, here: Point | None) -> float:
    """What the way there and back takes; 0 where nobody knows where they are."""
    return 0.0 if here is None else here.km_to(region) / KM_PER_MS


def harm_ms(standing: Standing) -> float:
    """By how much the region is worse than its place says."""
    slow_ms = max(0.0, (standing.rtt_ms or 0.0) - GOOD_RTT_MS)
    return slow_ms + MS_PER_LOSS_PERCENT * max(0.0, standing.loss_percent - GOOD_LOSS_PERCENT)
