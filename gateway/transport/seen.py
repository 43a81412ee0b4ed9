"""What the client of a socket says that it has seen."""

from typing import Any

from services.contracts.freshness import Seen
from services.kit.consistency import BadToken, Consistency

BAD_CONSISTENCY = "`consistency` has no token of this platform: leave it out."


def seen_in(said: dict[str, Any] | None, consistency: Consistency) -> Seen:
    """Of a first message for all operations, of an operation for itself. Raises BadToken."""
    given = (said or {}).get("consistency")
    if given is None:
        return {}
    if not isinstance(given, str):
        raise BadToken("not a text")
    return consistency.seen_of(given)
