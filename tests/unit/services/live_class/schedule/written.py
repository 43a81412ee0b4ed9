"""Calendar files as tests write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.live_class.schedule.ics.blocks import blocks_of
from services.live_class.schedule.ics.calendar import MOST, classes_of
from services.live_class.schedule.ics.occurrence import Said, Span

YEAR = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def event(*lines: str, uid: str = "one") -> str:
    own = [f"UID:{uid}"] if uid else []
    return "\r\n".join(["BEGIN:VEVENT", *own, *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> str:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//EN\r\n"
    return head + "".join(parts) + "END:VCALENDAR\r\n"


def read(*parts: str, zone: str | None = None, span: Span = YEAR, most: int = MOST) -> Said:
    return classes_of(
        blocks_of(calendar(*parts)), span, ZoneInfo(zone) if zone else None, most=most
    )


def starts(said: Said) -> list[str]:
    return [f"{one.starts_at:%m-%d %H:%M}" for one in said.occurrences]


def whys(said: Said) -> list[str]:
    return [one.why for one in said.refused]
