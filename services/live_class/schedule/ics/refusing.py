"""Why an event of a calendar is no class, said in a sentence.

NotAClass   the event is refused, and the rest of the file goes in
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

MOST_A_DAY = 24
LONGEST = timedelta(hours=24)
LONGEST_UID = 500
TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE")
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")


class NotAClass(ValueError):
    """The event is refused, and the rest of the file goes in; `line` is told where it is known."""

    line: int = 0


def check_event(event: Any) -> None:
    """Raises NotAClass for what would mislead or never end; what it says of times is read."""
    for name, why in event.errors:
        if name in TIMES:
            raise NotAClass(f"{name} is not readable: {why}")
    if len(str(event["UID"])) > LONGEST_UID:
        raise NotAClass(f"its UID has more than {LONGEST_UID} characters")
    if event.get("DTSTART") is None:
        raise NotAClass("it has no DTSTART")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
        _check_zone(name, event.get(name))
    _check_end(event)
    for rule in _all(event.get("RRULE")):
        _check_rule(rule)


def check_times(starts: date, ends: date) -> None:
    if not (isinstance(starts, datetime) and isinstance(ends, datetime)):
        raise NotAClass("it lasts whole days: a class has a time of day")
    # Both have a zone by now: what clocks do meanwhile does not count.
    lasts = ends.timestamp() - starts.timestamp()
    if lasts <= 0:
        raise NotAClass("it ends before it begins")
    if lasts > LONGEST.total_seconds():
        raise NotAClass(f"it lasts {lasts / 3600:.0f} hours: a class lasts 24 at most")


def _check_end(event: Any) -> None:
    """The library leaves out without a word what ends before it begins."""
    given = event.get("DTEND")
    if given is not None:
        starts, ends = event["DTSTART"].dt, given.dt
        if type(starts) is not type(ends):
            raise NotAClass("it has a time of day at one end only")
        if isinstance(starts, datetime) and (starts.tzinfo is None) is not (ends.tzinfo is None):
            raise NotAClass("it has a zone at one end only")
        if ends <= starts:
            raise NotAClass("it ends before it begins")


def _check_zone(name: str, given: Any) -> None:
    """A zone that nobody knows is dropped by the library, and the time would mean another."""
    for one in _all(given):
        wanted = one.params.get("TZID") if hasattr(one, "params") else None
        moments = [part.dt for part in one.dts] if hasattr(one, "dts") else [one.dt]
        for moment in moments:
            if wanted and isinstance(moment, datetime) and moment.tzinfo is None:
                raise NotAClass(f"{name} is in the zone {wanted!r}, which is not known")


def _check_rule(rule: Any) -> None:
    [frequency, *_] = rule.get("FREQ", ["?"])
    if frequency in TOO_OFTEN:
        raise NotAClass(f"it repeats {frequency.lower()}: a class repeats daily at most")
    if min(rule.get("INTERVAL", [1])) < 1:
        raise NotAClass("its INTERVAL is less than 1")
    times = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(rule.get(part, [0]))
    if times > MOST_A_DAY:
        raise NotAClass(f"it repeats {times:,} times a day: {MOST_A_DAY} is most")


def _all(given: Any) -> Iterable[Any]:
    """A property that may be given several times is a list where it is."""
    if given is None:
        return []
    return given if isinstance(given, list) else [given]
