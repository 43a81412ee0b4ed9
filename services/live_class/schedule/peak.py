"""When a timetable asks most of the platform: what begins together, and who is on at once.

Learners are counted from enrolments: who takes two classes at once counts twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypeAlias

TOGETHER = timedelta(minutes=5)
HOURS = range(24)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A class with as many learners as are expected."""

    starts_at: datetime
    ends_at: datetime
    learners: int


@dataclass(frozen=True, slots=True)
class Rush:
    """So many at that moment; of two moments with as many, the earlier."""

    at: datetime
    classes: int
    learners: int


@dataclass(frozen=True, slots=True)
class Hour:
    """`beginning` begin in it; `at_once` is the most of the hour."""

    beginning: Rush
    at_once: Rush


@dataclass(frozen=True, slots=True)
class Peak:
    """`beginning` is of TOGETHER from `at` on; `hours` are those of the busiest day in `zone`."""

    classes: int
    beginning: Rush
    at_once: Rush
    day: date
    hours: Sequence[Hour]
    zone: tzinfo


Load: TypeAlias = tuple[int, int]
"""Learners and classes."""


def peak(sittings: Sequence[Sitting], zone: tzinfo) -> Peak | None:
    """None where there is no class."""
    if not sittings:
        return None
    beginning = _fullest(_begun(sittings, TOGETHER))
    steps = list(_steps(sittings))
    at_once = _fullest(steps)
    day = at_once.at.astimezone(zone).date()
    return Peak(len(sittings), beginning, at_once, day, _hours(sittings, steps, day, zone), zone)


def _begun(sittings: Iterable[Sitting], within: timedelta) -> Iterator[tuple[datetime, Load]]:
    loads: dict[datetime, Load] = defaultdict(lambda: (0, 0))
    for one in sittings:
        at = _floor(one.starts_at, within)
        learners, classes = loads[at]
        loads[at] = learners + one.learners, classes + 1
    yield from sorted(loads.items())


def _floor(moment: datetime, to: timedelta) -> datetime:
    whole = int(to.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // whole * whole, UTC)


def _steps(sittings: Iterable[Sitting]) -> Iterator[tuple[datetime, Load]]:
    """The load from each moment on at which it changes; a class that ends makes room first."""
    changes: dict[datetime, Load] = defaultdict(lambda: (0, 0))
    for one in sittings:
        for at, sign in ((one.starts_at, 1), (one.ends_at, -1)):
            learners, classes = changes[at]
            changes[at] = learners + sign * one.learners, classes + sign
    learners = classes = 0
    for at, (more, others) in sorted(changes.items()):
        learners, classes = learners + more, classes + others
        yield at, (learners, classes)


def _fullest(loads: Iterable[tuple[datetime, Load]]) -> Rush:
    at, (learners, classes) = max(loads, key=lambda one: (one[1], -one[0].timestamp()))
    return Rush(at, classes, learners)


def _hours(
    sittings: Sequence[Sitting],
    steps: Sequence[tuple[datetime, Load]],
    day: date,
    zone: tzinfo,
) -> list[Hour]:
    """The hours of a wall clock: one that comes twice is one, one that is left out is empty."""
    begins = [
        datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC) for hour in HOURS
    ]
    midnight = (datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)).astimezone(
        UTC
    )
    return [
        _hour(sittings, steps, begin, end)
        for begin, end in zip(begins, [*begins[1:], midnight], strict=True)
    ]


def _hour(
    sittings: Iterable[Sitting],
    steps: Sequence[tuple[datetime, Load]],
    begin: datetime,
    end: datetime,
) -> Hour:
    own = [one for one in sittings if begin <= one.starts_at < end]
    before = [load for at, load in steps if at <= begin][-1:] or [(0, 0)]
    during = [(at, load) for at, load in steps if begin < at < end]
    at_once = _fullest([(begin, before[0]), *during])
    return Hour(Rush(begin, len(own), sum(one.learners for one in own)), at_once)
