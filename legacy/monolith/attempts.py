"""Pages about attempts, which are kept inside the row of the assessment they are made at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from legacy.monolith import access
from legacy.monolith.attempt import begun, saved, submitted, why_not_start
from legacy.monolith.errors import Conflict, Forbidden, Invalid, Missing
from legacy.monolith.page import Asked
from legacy.monolith.shapes import Assessment, Attempt, Attempts

ATTEMPT_ID = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,9})", re.ASCII)

LOCK_COURSE = "SELECT id FROM courses WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
LOCK_CONTENT = """
SELECT body, attempts FROM content
WHERE tenant_id = $1 AND id = $2 AND kind = 'assessment' FOR UPDATE
"""
EVERYBODYS = "SELECT attempts FROM content WHERE tenant_id = $1 AND id = $2"
COURSE_OF = """
SELECT course_id FROM content WHERE tenant_id = $1 AND id = $2 AND kind = 'assessment'
"""
WRITE = "UPDATE content SET attempts = $3 WHERE tenant_id = $1 AND id = $2"
TOUCH = "UPDATE courses SET touched_at = $3 WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Locked:
    """An assessment with everyone's attempts; nobody else of its course can write meanwhile."""

    assessment: int
    course: int
    body: Assessment
    attempts: Attempts

    async def keep(self, asked: Asked, attempt: Attempt) -> dict[str, Any]:
        """Puts the asker's attempt among the others and writes them all back."""
        ours = self.attempts.get(str(asked.user), [])
        others = [other for other in ours if other["number"] != attempt["number"]]
        self.attempts[str(asked.user)] = [*others, attempt]
        await asked.db.execute(WRITE, asked.tenant, self.assessment, self.attempts)
        await asked.db.execute(TOUCH, asked.tenant, self.course, asked.now)
        return self.view(asked, attempt)

    def view(self, asked: Asked, attempt: Attempt) -> dict[str, Any]:
        return view(self.assessment, self.course, asked.user, attempt)


async def mine(asked: Asked) -> dict[str, Any]:
    """The asker's, found among everybody's."""
    _, course = await access.content(asked, "assessment")
    attempts = await everybodys(asked, asked.id)
    ours = sorted(attempts.get(str(asked.user), []), key=itemgetter("number"))
    return {"attempts": [view(asked.id, course.id, asked.user, attempt) for attempt in ours]}


async def start(asked: Asked) -> dict[str, Any]:
    """A new attempt, or the one that is still open."""
    locked = await _lock(asked, asked.id)
    ours = locked.attempts.get(str(asked.user), [])
    for attempt in ours:
        if attempt["state"] == "in_progress":
            return locked.view(asked, attempt)
    refusal = why_not_start(locked.body, ours, asked.now)
    if refusal:
        raise Conflict(refusal)
    return await locked.keep(asked, begun(locked.body, ours, asked.now))


async def save(asked: Asked) -> dict[str, Any]:
    answers = _answers(asked)
    locked, attempt = await _own(asked)
    if attempt["state"] != "in_progress":
        raise Conflict("This attempt is finished.")
    return await locked.keep(asked, saved(attempt, locked.body, answers, asked.now))


async def submit(asked: Asked) -> dict[str, Any]:
    """Hands in; a second time gives what the first time gave."""
    answers = _answers(asked)
    locked, attempt = await _own(asked)
    if attempt["state"] != "in_progress":
        return locked.view(asked, attempt)
    if answers:
        attempt = saved(attempt, locked.body, answers, asked.now)
    return await locked.keep(asked, submitted(attempt, locked.body, asked.now))


async def course_of(asked: Asked, assessment: int) -> access.Course:
    course_id = await asked.db.fetchval(COURSE_OF, asked.tenant, assessment)
    if course_id is None:
        raise Missing
    return await access.course(asked, course_id)


async def everybodys(asked: Asked, assessment: int) -> Attempts:
    attempts: Attempts = await asked.db.fetchval(EVERYBODYS, asked.tenant, assessment)
    return attempts


async def _lock(asked: Asked, assessment: int) -> Locked:
    course = (await course_of(asked, assessment)).for_learners()
    await asked.db.execute(LOCK_COURSE, asked.tenant, course.id)
    row = await asked.db.fetchrow(LOCK_CONTENT, asked.tenant, assessment)
    if row is None:
        raise Missing
    return Locked(assessment, course.id, row["body"], row["attempts"])


async def _own(asked: Asked) -> tuple[Locked, Attempt]:
    """The attempt named in the path, locked, if it is the asker's."""
    assessment, user, number = named(asked)
    locked = await _lock(asked, assessment)
    for attempt in locked.attempts.get(str(user), []):
        if attempt["number"] == number:
            if user != asked.user:
                raise Forbidden
            return locked, attempt
    raise Missing


def named(asked: Asked) -> tuple[int, int, int]:
    """Assessment, user and number of the attempt in the path."""
    found = ATTEMPT_ID.fullmatch(asked.path["attempt"])
    if found is None:
        raise Missing
    assessment, user, number = map(int, found.groups())
    return assessment, user, number


def _answers(asked: Asked) -> Mapping[str, Any]:
    answers = asked.body.get("answers", {})
    if not isinstance(answers, dict):
        raise Invalid("answers must be an object: a question's id and its answer.")
    return answers


def view(assessment: int, course: int, user: int, attempt: Attempt) -> dict[str, Any]:
    return {
        "id": f"{assessment}-{user}-{attempt['number']}",
        "assessment": assessment,
        "course": course,
        "user": user,
        "number": attempt["number"],
        "state": attempt["state"],
        "started": attempt["started"],
        "saved": attempt["saved"],
        "submitted": attempt["submitted"],
        "answers": attempt["answers"],
        "score": attempt["score"],
        "max": attempt["max"],
        "late": attempt["late"],
        "banked": attempt["banked"],
    }
