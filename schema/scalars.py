"""Scalars of the contract: instants in UTC, durations in ISO 8601, opaque tokens."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import strawberry
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.types.scalar import ScalarDefinition

from services.contracts.classroom import Place
from services.contracts.freshness import ConsistencyToken

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def print_instant(instant: datetime) -> str:
    """Raises ValueError for one without a zone: it would be told by the clock of this machine."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone")
    # Nearly all are in UTC already, of whose text the last six letters are its offset.
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return in_utc.isoformat()[:-6] + "Z"


def read_instant(text: Any) -> datetime:
    """Reads RFC 3339; raises ValueError, also for a time without an offset."""
    if not isinstance(text, str):
        raise ValueError("A DateTime is a text such as 2026-03-01T09:00:00Z.")
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("A DateTime needs an offset, such as 2026-03-01T09:00:00Z.")
    return instant.astimezone(UTC)


def print_duration(span: timedelta) -> str:
    """Hours, minutes and seconds; days are hours, since a day is not always 24 of them."""
    minutes, seconds = divmod(span.total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = [(hours, "H"), (minutes, "M"), (seconds, "S")]
    return "PT" + ("".join(f"{value:g}{unit}" for value, unit in parts if value) or "0S")


def read_duration(text: Any) -> timedelta:
    """Reads ISO 8601 of days and smaller; raises ValueError."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or text.endswith(("P", "T")):
        raise ValueError("A Duration is a text such as PT90M.")
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def read_token(text: Any) -> ConsistencyToken:
    if not isinstance(text, str):
        raise ValueError("A ConsistencyToken is a text that was given out before.")
    return ConsistencyToken(text)


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, in RFC 3339, given in UTC.",
        serialize=print_instant,
        parse_value=read_instant,
    ),
    timedelta: strawberry.scalar(
        name="Duration",
        description="A length of time, in ISO 8601, e.g. PT90M.",
        serialize=print_duration,
        parse_value=read_duration,
    ),
    Place: DEFAULT_SCALAR_REGISTRY[strawberry.ID],
    ConsistencyToken: strawberry.scalar(
        name="ConsistencyToken",
        description='Opaque: "I have seen at least this".',
        serialize=str,
        parse_value=read_token,
    ),
}
