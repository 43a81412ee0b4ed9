"""The report of what differs, in the words of a terminal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flags.compare import Kind
from flags.names import Capability
from gateway.shadow.compared import DROPPED, LAG, Counts, Sample

WIDTH = 24
FULL, EMPTY = "█", "·"
ONE_TOLD = {Kind.MISSING, Kind.EXTRA}


@dataclass(frozen=True, slots=True)
class Row:
    """`of` so many values, of which one side or both told something; 0 where none was counted."""

    path: str
    kind: str
    times: int
    of: int

    @property
    def share(self) -> float:
        return min(1.0, self.times / self.of) if self.of else 1.0

    @property
    def told(self) -> str:
        return f"{self.times:,} of {self.of:,}" if self.of else f"{self.times:,}"


def rows(counts: Counts) -> list[Row]:
    """What differs most often first."""
    values, found = counts.values(), []
    for (path, kind), times in counts.differences().items():
        both = values.get(path, 0)
        found.append(Row(path, kind, times, both + times if both and kind in ONE_TOLD else both))
    return sorted(found, key=lambda row: (-row.times, row.path, row.kind))


def lines(all_: Mapping[Capability, Counts]) -> Iterator[str]:
    for capability, counts in all_.items():
        yield f"{capability.name:<20} {headline(counts)}"
        yield from _rows(counts)
        yield from _samples(counts.samples)


def headline(counts: Counts) -> str:
    made = counts.compared
    if not counts.numbers:
        return "nothing was compared"
    share = f" ({made.differing / made.compared:.2%})" if made.compared else ""
    differ = f"{made.differing:,} differ{share}" if made.differing else "none differs"
    lag, dropped = counts.numbers[LAG], counts.numbers[DROPPED]
    beside = f"; {lag:,} could not be judged at one position" if lag else ""
    beside += f"; {dropped:,} dropped" if dropped else ""
    return f"{made.compared:,} answers compared, {differ}{beside}"


def _rows(counts: Counts) -> Iterator[str]:
    found = rows(counts)
    widest = max((len(row.path) for row in found), default=0)
    for row in found:
        filled = max(1, round(row.share * WIDTH))
        bar = FULL * filled + EMPTY * (WIDTH - filled)
        yield f"  {row.path:<{widest}}  {row.kind:<11}  {bar}  {row.told}"


def _samples(samples: list[Sample]) -> Iterator[str]:
    if samples:
        yield "  for example"
    for one in samples[:5]:
        said = f"{value(one.old)} -> {value(one.new)}"
        yield f"    {one.at}  {one.asked}  {one.path} ({one.kind}): {said}"


def value(one: Any) -> str:
    return "nothing" if one is None else str(one)
