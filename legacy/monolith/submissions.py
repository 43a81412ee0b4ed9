"""Pages about anybody's attempts: for their owners, and for those who teach."""

from typing import Any

from legacy.monolith import access
from legacy.monolith.attempts import course_of, everybodys, named, view
from legacy.monolith.errors import Missing
from legacy.monolith.page import Asked
from legacy.monolith.shapes import Attempt, Attempts

LARGEST_PAGE = 200

Place = tuple[int, int]
"""User and number: the order of submissions."""


async def one(asked: Asked) -> dict[str, Any]:
    assessment, user, number = named(asked)
    course = await course_of(asked, assessment)
    if user != asked.user:
        course.for_teachers()
    attempts = await everybodys(asked, assessment)
    for attempt in attempts.get(str(user), []):
        if attempt["number"] == number:
            return view(assessment, course.id, user, attempt)
    raise Missing


async def of_assessment(asked: Asked) -> dict[str, Any]:
    """A page behind a user's number, and how many there are in all; `states` are those wanted."""
    _, course = await access.content(asked, "assessment")
    course.for_teachers()
    found = _in_order(await everybodys(asked, asked.id), _states(asked))
    after = (asked.number("after_user", 0), asked.number("after_number", 0))
    ahead = [place for place in found if place > after]
    limit = min(asked.number("limit", 50), LARGEST_PAGE)
    page = [view(asked.id, course.id, place[0], found[place]) for place in ahead[:limit]]
    return {"total": len(found), "attempts": page}


def _in_order(attempts: Attempts, states: set[str]) -> dict[Place, Attempt]:
    places = {
        (int(user), attempt["number"]): attempt
        for user, theirs in attempts.items()
        for attempt in theirs
        if not states or attempt["state"] in states
    }
    return dict(sorted(places.items()))


def _states(asked: Asked) -> set[str]:
    """All, where none is said."""
    return set(asked.query.get("states", "").split(",")) - {""}
