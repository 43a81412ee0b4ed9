"""Expands the events of one UID: each in the local time it was written in, then in UTC."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar, Event

from services.live_class.schedule.ics.blocks import Block
from services.live_class.schedule.ics.occurrence import Bad, Occurrence, Said, Span
from services.live_class.schedule.ics.refusing import NotAClass, check_event, check_times

HEAD, TAIL = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//banyan//EN\r\n", "END:VCALENDAR\r\n"
INSTANT = "%Y%m%dT%H%M%SZ"
ROUND = timedelta(days=2)
"""Of times without a zone the library knows no instant: it is asked for more than wanted."""


def expanded(
    blocks: Sequence[Block], zones: Sequence[Block], span: Span, zone: ZoneInfo | None, most: int
) -> Said:
    """Of one UID, `most` occurrences at most; what is wrong with one event refuses them all."""
    line, uid = blocks[0].line, blocks[0].value("UID")
    try:
        return _expanded(blocks, zones, span, zone, most)
    except NotAClass as no:
        line, why = no.line or line, str(no)
    # The library has no one tree of errors: whatever it cannot take is the event's fault.
    except Exception as failed:
        why = f"it is not readable: {failed}"
    return Said(refused=[Bad(line, uid, why)])


def _expanded(
    blocks: Sequence[Block], zones: Sequence[Block], span: Span, zone: ZoneInfo | None, most: int
) -> Said:
    calendar = _calendar(blocks, zones)
    events = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
    for event, block in zip(events, blocks, strict=True):
        _check(event, block)
    repeats = any("RRULE" in one or "RDATE" in one or "RECURRENCE-ID" in one for one in events)
    written = {_written(one): (one, block) for one, block in zip(events, blocks, strict=True)}
    query = recurring_ical_events.of(calendar)
    # Once more than is wanted, so that whoever counts sees that there are more.
    found = query.between(span.since - ROUND, span.until + ROUND) if repeats else query.all()
    said = Said()
    for one in islice(found, most + 1):
        said_by, block = written.get(_written(one), (events[0], blocks[0]))
        lasts = one.end - one.start if "DURATION" in said_by else None
        _put(said, _occurrence(one, zone, repeats, block.line, lasts), span, one)
    return said


def _calendar(blocks: Sequence[Block], zones: Sequence[Block]) -> Any:
    if not all(block.is_whole for block in blocks):
        raise NotAClass("it has no END:VEVENT")
    events = "".join(block.text for block in blocks)
    named = [one.text for one in zones if one.is_whole and f"TZID={one.value('TZID')}" in events]
    return Calendar.from_ical(HEAD + "".join(named) + events + TAIL)


def _check(event: Event, block: Block) -> None:
    try:
        check_event(event)
    except NotAClass as no:
        no.line = block.line
        raise


def _written(event: Any) -> str:
    """Which of a UID's events it is."""
    moved = event.get("RECURRENCE-ID")
    return "" if moved is None else str(moved.dt)


def _put(said: Said, one: Occurrence, span: Span, event: Any) -> None:
    if not span.has(one.starts_at):
        said.outside += 1
    elif str(event.get("STATUS", "")).upper() == "CANCELLED":
        said.called_off.append(one)
    else:
        said.occurrences.append(one)


def _occurrence(
    event: Any, zone: ZoneInfo | None, repeats: bool, line: int, lasts: timedelta | None
) -> Occurrence:
    """Where it says how long it `lasts`, clocks that are moved meanwhile change nothing of that."""
    starts = _zoned(event.start, zone)
    ends = _zoned(event.end, zone) if lasts is None else starts.astimezone(UTC) + lasts
    check_times(starts, ends)
    original = event.get("RECURRENCE-ID")
    is_one_of = repeats and original is not None
    return Occurrence(
        uid=str(event["UID"]),
        recurrence=f"{_zoned(original.dt, zone).astimezone(UTC):{INSTANT}}" if is_one_of else "",
        sequence=int(event.get("SEQUENCE", 0)),
        title=" ".join(str(event.get("SUMMARY", "")).split()),
        starts_at=starts.astimezone(UTC),
        ends_at=ends.astimezone(UTC),
        zone=str(getattr(starts.tzinfo, "key", None) or starts.tzname()),
        categories=tuple(_categories(event.get("CATEGORIES"))),
        location=" ".join(str(event.get("LOCATION", "")).split()),
        line=line,
    )


def _zoned(moment: Any, zone: ZoneInfo | None) -> datetime:
    """A time that floats is meant in the given zone; an hour that comes twice is the first."""
    if not isinstance(moment, datetime):
        raise NotAClass("it lasts whole days: a class has a time of day")
    if moment.tzinfo is not None:
        return moment
    if zone is None:
        raise NotAClass("its time has no zone: give one with --zone")
    return moment.replace(tzinfo=zone)


def _categories(given: Any) -> Iterator[str]:
    for one in given if isinstance(given, list) else [given] if given is not None else []:
        yield from (str(name) for name in one.cats)
