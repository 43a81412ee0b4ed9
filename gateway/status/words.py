"""How the status page writes what it is told; everything that it shows goes through here."""

from datetime import UTC, datetime
from html import escape

from services.contracts.status import RouteMode

MODES = {
    RouteMode.LEGACY: ("Old system", "the old system answers everybody"),
    RouteMode.SHADOW: (
        "Shadow",
        "the old system answers; the new service is asked too, and what it says is only compared",
    ),
    RouteMode.CANARY: ("Canary", "the new service answers some, the old system all others"),
    RouteMode.SERVICE: ("New service", "the new service answers everybody"),
    RouteMode.ROLLED_BACK: (
        "Rolled back",
        "the new service failed or said other things; the old system answers again",
    ),
}
"""The word for each, and what it means."""


def text(said: str) -> str:
    """Safe between tags and in attributes."""
    return escape(said, quote=True)


def instant(at: datetime) -> str:
    """An element: 2 March 2026, 09:30:00 UTC."""
    utc = at.astimezone(UTC)
    machine = utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f'<time datetime="{machine}">{utc.day} {utc:%B %Y, %H:%M:%S} UTC</time>'


def percent(ratio: float) -> str:
    """Of a ratio from 0 to 1; what is not 0 is not written as 0."""
    if 0 < ratio < 0.0001:
        return "below 0.01 %"
    return f"{ratio * 100:.2f}".rstrip("0").rstrip(".") + " %"


def span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"
