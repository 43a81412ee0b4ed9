"""How two sides' values of one field are held against each other, where equality is too much."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

SECOND = timedelta(seconds=1)
ROUNDING = 1e-4

Pair: TypeAlias = tuple[Any, Any]
"""The two structs that the values stand in."""
Same: TypeAlias = Callable[[Any, Any, Pair], bool]


@dataclass(frozen=True, slots=True)
class Ignored:
    """The field is no part of parity."""

    reason: str


@dataclass(frozen=True, slots=True)
class Untold:
    """Where either side has nothing to say of the field there is nothing to compare."""

    reason: str


class AsSet:
    """A list whose order says nothing."""


How: TypeAlias = Same | Ignored | Untold | AsSet
Table: TypeAlias = Mapping[tuple[str, str], How]
"""By the struct's name and the field's."""


def exact(old: Any, new: Any, _: Pair) -> bool:
    return bool(old == new)


def instant(old: Any, new: Any, _: Pair) -> bool:
    return bool(abs(old - new) <= SECOND)


def decimal(old: Any, new: Any, _: Pair) -> bool:
    return bool(abs(old - new) <= ROUNDING)


def ahead(old: Any, new: Any, _: Pair) -> bool:
    """What only grows: the new side may know more by now."""
    return set(old) <= set(new) if isinstance(old, list) else bool(new >= old)


def from_now(old: Any, new: Any, pair: Pair) -> bool:
    """An instant that is fixed, or that moves with each side's `server_now`.

    The monolith's clock has whole seconds (WHOLE_SECONDS): it may be behind by nearly one.
    """
    moved = (new - old) - (pair[1].server_now - pair[0].server_now)
    return bool(abs(new - old) <= SECOND or abs(moved) <= 2 * SECOND)


NO_PARITY = "how much an answer knows is no part of what it says"
UNCOUNTED = "NO_SEQUENCES: the monolith counts neither changes nor answers"
UNSCORED = "what it is scored by is not mirrored: the answers that were saved before"
MIRRORED = "the service's lists tell what is mirrored of the monolith's attempts, not their content"

AS_SET = AsSet()
TABLE: Table = {
    ("Person", "roles"): AS_SET,
    ("Progress", "completed"): ahead,
    ("Progress", "known"): Ignored(NO_PARITY),
    ("Completed", "lessons"): ahead,
    ("Completed", "versions"): Ignored(NO_PARITY),
    ("LiveClass", "starts_at"): instant,
    ("LiveClass", "ends_at"): instant,
    ("Assessment", "opens_at"): instant,
    ("Assessment", "closes_at"): instant,
    ("Assessment", "weight"): decimal,
    ("Item", "points"): decimal,
    ("Attempt", "started_at"): instant,
    ("Attempt", "saved_at"): instant,
    ("Attempt", "submitted_at"): instant,
    ("Attempt", "version"): Ignored(UNCOUNTED),
    ("Attempt", "window"): Untold(MIRRORED),
    ("Attempt", "answers"): Untold(MIRRORED),
    ("Attempt", "receipt"): Untold(MIRRORED),
    ("Attempt", "correct"): Untold("NO_KEY_SHOWN: the monolith tells nobody"),
    ("Answer", "sequence"): Ignored(UNCOUNTED),
    ("Answer", "saved_at"): Ignored("the monolith knows it of the attempt alone"),
    ("Answer", "points"): Untold("NO_KEY_SHOWN: the monolith tells nobody"),
    ("Score", "raw"): decimal,
    ("Score", "max"): decimal,
    ("Score", "penalty"): decimal,
    ("Score", "regraded_from"): decimal,
    ("Window", "opens_at"): instant,
    ("Window", "closes_at"): instant,
    ("Window", "ends_at"): from_now,
    ("Window", "extra_time"): ahead,
    ("Decided", "state"): Untold(f"{UNSCORED}; where a human has to read one it waits"),
    ("Decided", "late"): Untold("the monolith tells it of what is scored alone"),
    ("Decided", "ends_at"): instant,
    ("Window", "server_now"): Ignored("it is when the side was asked"),
}
"""Of every other field both sides say exactly the same."""
