"""Draws the busiest day of a timetable, hour by hour: as lines of text, and as an SVG."""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from services.live_class.schedule.peak import Hour, Peak, Rush

WIDTH = 40
BLOCKS = " ▏▎▍▌▋▊▉█"
BAR, GAP, LEFT, TOP, TALL = 26, 6, 16, 56, 220
"""Of the SVG, in its own units."""


def said(peak: Peak) -> list[str]:
    """The peak in sentences."""
    first, most = peak.beginning, peak.at_once
    return [
        f"Most begins {_when(peak, first.at)}: {_load(first)} within 5 minutes.",
        f"Most are on at once {_when(peak, most.at)}: {_load(most)}.",
    ]


def as_text(peak: Peak) -> list[str]:
    """A line an hour, from the first with a class to the last."""
    most = max(_size(peak, hour) for hour in peak.hours)
    lines = [f"{title(peak)}"]
    for number, hour in _used(peak):
        bar = _bar(_size(peak, hour) / most if most else 0.0)
        beginning = f"{_load(hour.beginning)} begin" if hour.beginning.classes else ""
        lines.append(f"  {number:02} {bar:<{WIDTH}} {_size(peak, hour):>7,}  {beginning}".rstrip())
    return lines


def as_svg(peak: Peak) -> str:
    most = max((_size(peak, hour) for hour in peak.hours), default=0) or 1
    width = 2 * LEFT + 24 * (BAR + GAP)
    bars = "".join(_column(peak, number, hour, most) for number, hour in enumerate(peak.hours))
    words = " ".join(said(peak))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {TOP + TALL + 48}" '
        f'font-family="system-ui, sans-serif" font-size="11" role="img">'
        f"<title>{escape(title(peak))}</title><desc>{escape(words)}</desc>"
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="{LEFT}" y="24" font-size="14" fill="#111">{escape(title(peak))}</text>'
        f"{bars}"
        f'<text x="{LEFT}" y="{TOP + TALL + 38}" fill="#444">{escape(words)}</text></svg>\n'
    )


def title(peak: Peak) -> str:
    what = "learners" if peak.at_once.learners else "classes"
    return f"{what.capitalize()} on at once, {peak.day:%A %d %B %Y}, by hour ({peak.zone})"


def _column(peak: Peak, number: int, hour: Hour, most: int) -> str:
    size = _size(peak, hour)
    x, tall = LEFT + number * (BAR + GAP), TALL * size / most
    y, middle = TOP + TALL - tall, x + BAR / 2
    label = f'<text x="{middle}" y="{y - 4:.1f}" text-anchor="middle">{size:,}</text>'
    return (
        f'<rect x="{x}" y="{y:.1f}" width="{BAR}" height="{tall:.1f}" fill="#2b6cb0"/>'
        f"{label if size else ''}"
        f'<text x="{middle}" y="{TOP + TALL + 16}" text-anchor="middle">{number:02}</text>'
    )


def _used(peak: Peak) -> Iterator[tuple[int, Hour]]:
    used = [number for number, hour in enumerate(peak.hours) if hour.at_once.classes]
    for number in range(used[0], used[-1] + 1) if used else ():
        yield number, peak.hours[number]


def _size(peak: Peak, hour: Hour) -> int:
    """Where nobody is enrolled the classes themselves are counted."""
    return hour.at_once.learners if peak.at_once.learners else hour.at_once.classes


def _bar(share: float) -> str:
    eighths = round(share * WIDTH * 8)
    whole, part = divmod(eighths, 8)
    return BLOCKS[8] * whole + (BLOCKS[part] if part else "")


def _when(peak: Peak, at: datetime) -> str:
    return f"{at.astimezone(peak.zone):%a %d %b %Y at %H:%M}"


def _load(rush: Rush) -> str:
    return f"{rush.classes:,} {'class' if rush.classes == 1 else 'classes'}, {_people(rush)}"


def _people(rush: Rush) -> str:
    return f"{rush.learners:,} {'learner' if rush.learners == 1 else 'learners'}"
