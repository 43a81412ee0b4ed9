"""A span of time, and what of it lies in no other."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from services.assessment.model.accommodation import NOTHING


class Span(msgspec.Struct, frozen=True):
    since: datetime
    until: datetime


def length(span: Span, less: Iterable[Span] = ()) -> timedelta:
    """Without what of it lies in the others, which may overlap."""
    found, at = NOTHING, span.since
    for other in sorted(less, key=lambda one: one.since):
        found += max(min(other.since, span.until) - at, NOTHING)
        at = max(at, other.until)
    return found + max(span.until - at, NOTHING)
