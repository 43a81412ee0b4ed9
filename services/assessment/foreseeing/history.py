"""A learner's attempts at the old side as each of its last changes left them, with when it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from services.contracts.dry_run import Became
from services.contracts.events import AttemptsRecorded, Event, PastAttempt

BACK = 64
"""So many changes of one learner at one assessment are looked through."""
EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Attempts = Sequence[PastAttempt]


@dataclass(frozen=True, slots=True)
class Version:
    at: datetime
    attempts: Attempts


@dataclass(frozen=True, slots=True)
class History:
    """Oldest first, without a gap up to now; nothing where it is not known."""

    versions: Sequence[Version]

    def before(self, became: Became) -> list[Attempts]:
        """What there was just before it came to be so: more than one, where that is not told."""
        return [
            old.attempts
            for old, new in pairwise(self.versions)
            if _has(new, became) and not _has(old, became)
        ]

    def during(self, since: datetime, until: datetime) -> list[Attempts]:
        """All that there was meanwhile; nothing where it is not known what there was first."""
        if not self.versions or since < self.versions[0].at:
            return []
        ends = [*(one.at for one in self.versions[1:]), NEVER]
        lasting = zip(self.versions, ends, strict=True)
        return [one.attempts for one, end in lasting if one.at <= until and end >= since]


def history(events: Sequence[Event], version: int, mirrored: Attempts) -> History:
    """Of the stream's newest events; `mirrored` is what is kept here of its `version`."""
    told = [
        Version(event.at, event.data.attempts)
        for event in events
        if isinstance(event.data, AttemptsRecorded)
    ]
    if not told:
        # Nothing changed since changes are forgotten, or ever.
        return History([Version(EVER, mirrored)])
    if len(told) < len(events) or events[-1].version != version:
        return History([])
    if events[0].version == 1 and _is_just_begun(told[0].attempts):
        told.insert(0, Version(EVER, []))
    return History([Version(one.at, _back(one.attempts, told[-1], mirrored)) for one in told])


def _back(then: Attempts, newest: Version, mirrored: Attempts) -> Attempts:
    """What is kept here, with what came since taken back."""
    now = {one.number: one for one in newest.attempts}
    changed = [one for one in then if now.get(one.number) != one]
    moved = {one.number for one in changed} | (now.keys() - {one.number for one in then})
    kept = [one for one in mirrored if one.number not in moved]
    return sorted([*changed, *kept], key=lambda one: one.number)


def _has(version: Version, became: Became) -> bool:
    return any(
        Became(one.number, one.state, one.started_at, one.saved_at, one.submitted_at) == became
        for one in version.attempts
    )


def _is_just_begun(attempts: Attempts) -> bool:
    """The first change that is told need not be the first there was."""
    return all(one.number == 1 and one.saved_at is one.submitted_at is None for one in attempts)
