"""What is shown of progress that is older than what its learner has seen."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from gateway.freshness.writes import Write
from services.contracts.freshness import Freshness, Known, Seen, merged, missing
from services.contracts.learning import Completed, Progress


def is_old(read: Progress, seen: Seen) -> bool:
    return bool(missing(read.way.of_seen(seen), read.seen))


def unknown_to(known: Seen, writes: Iterable[Write]) -> list[Write]:
    """The writes whose events a side has not applied."""
    return [one for one in writes if one.version > known.get(one.stream, 0)]


def laid_over(read: Progress, writes: Sequence[Write], now_ms: int) -> Progress:
    """What it is with the writes, none of which `read` counts."""
    versions = _with(read.known.versions, writes)
    known = Known(read.known.source, versions, Freshness.PENDING, age_ms(writes, now_ms))
    return replace(read, completed=read.completed + len(writes), known=known)


def joined(read: Progress, told: Progress, sides: Iterable[Completed]) -> Progress:
    """What either side counts, by what each knows as completed after they had told this much."""
    done = {lesson for side in sides for lesson in side.lessons}
    versions = merged(read.known.versions, told.known.versions)
    known = Known(read.known.source, versions)
    return replace(read, completed=max(len(done), read.completed, told.completed), known=known)


def degraded(read: Progress, seen: Seen, lag_ms: int = 0) -> Progress:
    """No less than what was shown before; of what else was seen, something may be missing in it."""
    wanted = read.way.of_seen(seen)
    shown = max(read.completed, wanted.get(read.way.shown, 0))
    versions = merged(read.known.versions, wanted)
    known = Known(read.known.source, versions, Freshness.DEGRADED, lag_ms)
    return replace(read, completed=shown, known=known)


def age_ms(writes: Sequence[Write], now_ms: int) -> int:
    """How long ago the oldest was; the clocks of two gateways may differ."""
    return max(0, now_ms - min((one.at_ms for one in writes), default=now_ms))


def _with(known: Seen, writes: Sequence[Write]) -> dict[str, int]:
    """As far as there is no gap: what somebody else wrote in between is not known."""
    reached = dict(known)
    for one in sorted(writes, key=lambda write: write.version):
        if one.version == reached.get(one.stream, 0) + 1:
            reached[one.stream] = one.version
    return reached
