"""What the reports of the last two minutes say of a region."""

from collections.abc import Sequence

from services.live_class.entrance.placement import Standing

RTT_MS = (25, 50, 75, 100, 150, 200, 300, 400, 600, 1_000, 2_000)
"""Edges of the classes that round trips are counted in; the last one is open."""


def standing_of(now: bytes, load: int, heard: Sequence[bytes]) -> Standing:
    """What was heard in the minute before weighs as much of it as is not yet two minutes ago."""
    minute, second = divmod(int(now), 60)
    weights = {minute: 1.0, minute - 1: 1 - second / 60}
    counts, losses = [0.0] * (len(RTT_MS) + 1), 0.0
    for name, value in zip(heard[::2], heard[1::2], strict=True):
        told, _, what = str(name, "ascii").partition(":")
        weight = weights.get(int(told), 0.0) * int(value)
        if what == "loss":
            losses += weight / 100
        else:
            counts[int(what)] += weight
    reports = sum(counts)
    if reports <= 0:
        return Standing(int(load))
    return Standing(int(load), _median(counts), losses / reports, round(reports))


def _median(counts: Sequence[float]) -> float:
    """The upper edge of the class that half of them are in or below."""
    edges, half, below = (*RTT_MS, 2 * RTT_MS[-1]), sum(counts) / 2, 0.0
    for edge, count in zip(edges, counts, strict=True):
        below += count
        if below >= half:
            return float(edge)
    return float(edges[-1])


def class_of(rtt_ms: int) -> int:
    return next((nth for nth, edge in enumerate(RTT_MS) if rtt_ms <= edge), len(RTT_MS))
