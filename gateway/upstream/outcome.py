"""Whose fault it was: what an upstream's guard learns from a call."""

from enum import Enum, auto

from services.contracts.errors import UpstreamNotFound, UpstreamTimeout, UpstreamUnreachable
from services.kit.http import Reply

FAILED, OUT_OF_TIME = 500, 504


class Outcome(Enum):
    WELL = auto()
    FAILED = auto()
    """By the upstream's own fault."""
    NEITHER = auto()
    """We know nothing more of it: the caller left, or it was not given the time."""


def of_reply(reply: Reply, *, is_fair: bool) -> Outcome:
    """A refusal (4xx) is an answer; `is_fair`: the call was given the time that one takes."""
    if reply.status < FAILED:
        return Outcome.WELL
    return Outcome.NEITHER if reply.status == OUT_OF_TIME and not is_fair else Outcome.FAILED


def of_error(error: BaseException, *, is_fair: bool) -> Outcome:
    """A name that does not resolve is our resolver's word, and no fault of the upstream's."""
    if isinstance(error, UpstreamTimeout):
        return Outcome.FAILED if is_fair else Outcome.NEITHER
    if isinstance(error, UpstreamNotFound):
        return Outcome.NEITHER
    return Outcome.FAILED if isinstance(error, UpstreamUnreachable) else Outcome.NEITHER
