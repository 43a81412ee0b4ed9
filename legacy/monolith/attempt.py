"""The rules of one attempt: when it may begin, what a save and a submit make of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from legacy.monolith import scoring
from legacy.monolith.local_time import read, write
from legacy.monolith.shapes import Assessment, Attempt


def why_not_start(body: Assessment, mine: list[Attempt], now: datetime) -> str | None:
    """A sentence, or None when an attempt may begin."""
    if body["opens"] and now < read(body["opens"]):
        return "This assessment is not open yet."
    if body["closes"] and now > read(body["closes"]):
        return "This assessment is closed."
    allowed = body["attempts_allowed"]
    if allowed is not None and len(mine) >= allowed:
        return "There are no attempts left."
    return None


def begun(body: Assessment, mine: list[Attempt], now: datetime) -> Attempt:
    return Attempt(
        number=len(mine) + 1,
        state="in_progress",
        started=write(now),
        saved=None,
        submitted=None,
        answers={},
        score=None,
        max=scoring.most(body["questions"]),
        late=False,
        banked=False,
    )


def saved(attempt: Attempt, body: Assessment, new: Mapping[str, Any], now: datetime) -> Attempt:
    """The attempt with the new answers over the old; those to no question are dropped."""
    asked = {question["id"] for question in body["questions"]}
    kept = {question: answer for question, answer in new.items() if question in asked}
    answers = attempt["answers"] | kept
    return attempt | {"answers": answers, "saved": write(now)}


def submitted(attempt: Attempt, body: Assessment, now: datetime) -> Attempt:
    """The attempt handed in and scored; a late one is taken and marked."""
    score = scoring.score(body["questions"], attempt["answers"])
    return attempt | {
        "state": "submitted" if score is None else "graded",
        "submitted": write(now),
        "score": score,
        "late": is_late(attempt, body, now),
    }


def is_late(attempt: Attempt, body: Assessment, now: datetime) -> bool:
    due = due_at(attempt, body)
    return due is not None and now > due + timedelta(seconds=body["grace_s"])


def due_at(attempt: Attempt, body: Assessment) -> datetime | None:
    """When the assessment closes or the learner's own time is up, whichever is first."""
    ends = []
    if body["closes"]:
        ends.append(read(body["closes"]))
    if body["time_limit_min"] is not None:
        ends.append(read(attempt["started"]) + timedelta(minutes=body["time_limit_min"]))
    return min(ends, default=None)
