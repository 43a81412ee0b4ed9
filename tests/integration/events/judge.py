"""Judges a feed that was read: what is lost, doubled, out of order, or leaves a gap."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from services.contracts.events import Event


@dataclass(frozen=True, slots=True)
class Verdict:
    lost: int = 0
    doubled: int = 0
    misordered: int = 0
    gaps: int = 0


FAULTLESS = Verdict()


def judge(read: Iterable[Event], committed: Mapping[str, int]) -> Verdict:
    """`read` in the order it was read; `committed` says how many events each stream has."""
    events = list(read)
    times = Counter((event.stream, event.version) for event in events)
    wanted = [(stream, n) for stream, count in committed.items() for n in range(1, count + 1)]
    return Verdict(
        lost=sum(times[one] == 0 for one in wanted),
        doubled=sum(count > 1 for count in times.values()),
        misordered=_falls(_grouped(events)),
        gaps=_gaps(events),
    )


def _grouped(events: Iterable[Event]) -> list[list[int]]:
    versions: defaultdict[str, list[int]] = defaultdict(list)
    for event in events:
        versions[event.stream].append(event.version)
    return list(versions.values())


def _falls(streams: Iterable[list[int]]) -> int:
    return sum(b < a for versions in streams for a, b in pairwise(versions))


def _gaps(events: Iterable[Event]) -> int:
    """Partitions are told apart by their positions: each begins at 1."""
    positions = [0, *(event.position for event in events)]
    return sum(b not in (1, a + 1) for a, b in pairwise(positions))
