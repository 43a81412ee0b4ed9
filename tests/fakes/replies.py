"""What commands to a fake were answered, under the keys they were sent with."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar, cast

from services.contracts.errors import KEY_REUSED, Refused
from services.kit.caller import Caller

T = TypeVar("T")
Replies: TypeAlias = dict[tuple[str, str, str], tuple[object, object]]
"""What was said and answered under a tenant's user's key."""


def once(
    replies: Replies, caller: Caller, key: str, said: object, do: Callable[[], T | Refused]
) -> T | Refused:
    """One key, one effect; a refusal leaves nothing behind, not even its key."""
    under = (caller.viewer.tenant, caller.viewer.user, key)
    if under in replies:
        before, reply = replies[under]
        return cast(T, reply) if before == said else KEY_REUSED
    done = do()
    if not isinstance(done, Refused):
        replies[under] = (said, done)
    return done
