"""The local ids of attempts, as the assessment service knows them."""

import re

from services.contracts.ids import Kind, Side
from services.contracts.paging import Key
from services.kit.caller import Caller
from services.kit.local import local_text

NUMBER = "(0|[1-9][0-9]{0,17})"
ATTEMPT = re.compile(f"{NUMBER}-{NUMBER}-(p?)([1-9][0-9]{{0,8}})")
BEFORE_ALL = (0, 0)


def attempt(caller: Caller, text: str) -> str | None:
    """None where it names nothing of the service that could be the caller's."""
    named = local_text(caller, Kind.ATTEMPT, text, Side.SERVICE)
    return named if named is not None and ATTEMPT.fullmatch(named) else None


def place(caller: Caller, after: Key | None) -> tuple[int, int] | None:
    """The user and number that a page begins behind; a cursor's content is the client's word."""
    if after is None:
        return BEFORE_ALL
    found = ATTEMPT.fullmatch(local_text(caller, Kind.ATTEMPT, after[1]) or "")
    return (int(found[2]), int(found[4])) if found else None


def key(user: int, number: int, attempt: str) -> Key:
    return (f"{user:020}-{number:09}", attempt)
