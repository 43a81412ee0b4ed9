"""Reads a calendar file: every event that can be a class, and of every other why it is not.

TooMany   it holds more classes than are taken at once
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from services.live_class.schedule.ics.blocks import Block, Blocks, NoCalendar, blocks_of
from services.live_class.schedule.ics.occurrence import Bad, Said, Span
from services.live_class.schedule.ics.series import expanded

MOST = 20_000
MOST_BYTES = 50_000_000


class TooMany(ValueError):
    """It holds more classes than are taken at once."""


@dataclass(frozen=True, slots=True)
class File:
    """`name` is the calendar's own, or the file's."""

    name: str
    blocks: Blocks
    zone: str

    @classmethod
    def read(cls, path: Path) -> "File":
        """Raises NoCalendar or OSError."""
        if path.stat().st_size > MOST_BYTES:
            raise NoCalendar(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            raise NoCalendar(f"The file is no text in UTF-8: {wrong}.") from wrong
        blocks = blocks_of(text)
        said = blocks.properties
        return cls(said.get("X-WR-CALNAME") or path.stem, blocks, said.get("X-WR-TIMEZONE", ""))


def classes_of(
    blocks: Blocks,
    span: Span,
    zone: ZoneInfo | None,
    advance: Callable[[int], object] = lambda _: None,
    most: int = MOST,
) -> Said:
    """Raises TooMany. `advance` is told of each group of events, how many they were."""
    said = Said(events=len(blocks.events))
    for uid, group in _by_uid(blocks.events).items():
        if uid:
            own, older = _newest(group)
            said.refused += older
            said.take(expanded(own, blocks.zones, span, zone, most))
        else:
            said.refused += [Bad(one.line, "", "it has no UID") for one in group]
        if len(said.occurrences) > most:
            raise TooMany(f"There are more than {most:,} classes: choose an earlier --until.")
        advance(len(group))
    return said


def _by_uid(events: Iterable[Block]) -> dict[str, list[Block]]:
    groups: dict[str, list[Block]] = defaultdict(list)
    for one in events:
        groups[one.value("UID")].append(one)
    return groups


def _newest(group: list[Block]) -> tuple[list[Block], list[Bad]]:
    """Of what is told twice under one UID the last word: by SEQUENCE, by DTSTAMP, by place."""
    last: dict[str, Block] = {}
    for one in sorted(group, key=_age):
        last[one.value("RECURRENCE-ID")] = one
    kept = {one.line for one in last.values()}
    older = [one for one in group if one.line not in kept]
    why = "the same UID is told again, and newer, on line {}"
    return (
        sorted(last.values(), key=lambda one: (one.value("RECURRENCE-ID") != "", one.line)),
        [
            Bad(one.line, one.value("UID"), why.format(last[one.value("RECURRENCE-ID")].line))
            for one in older
        ],
    )


def _age(one: Block) -> tuple[int, str, int]:
    sequence = one.value("SEQUENCE")
    counted = int(sequence) if sequence.isascii() and sequence.isdigit() else 0
    return counted, one.value("DTSTAMP"), one.line
