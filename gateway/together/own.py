"""One's own in courses, each asked for with that of many other viewers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from gateway.together.together import Together
from services.contracts.errors import HIDDEN, Refused, UpstreamError
from services.contracts.ids import CourseId, Kind
from services.kit.caller import Caller
from services.kit.local import locals_, number

A = TypeVar("A")
Pair = tuple[int, int]
"""A course, and who asks about themselves in it."""
Alone = Callable[[Caller, Sequence[CourseId]], Awaitable[Sequence[A | Refused]]]


async def own_in_courses(
    joined: Together[Pair, A | Refused], alone: Alone[A], caller: Caller, ids: Sequence[CourseId]
) -> Sequence[A | Refused]:
    """One item a course; a failed call is each one's."""
    own = number(caller.viewer.user)
    named = locals_(caller, Kind.COURSE, ids)
    known = [course for course, local in zip(ids, named, strict=True) if local is not None]
    if own is None or not known:
        return await alone(caller, ids)
    pairs = [(local, own) for local in named if local is not None]
    try:
        found = await joined.ask(caller, pairs, lambda: alone(caller, known))
    except UpstreamError as failed:
        found = [failed.refusal] * len(known)
    answers = iter(found)
    return [HIDDEN if local is None else next(answers) for local in named]
