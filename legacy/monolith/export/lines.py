"""The lines of an archive: what the monolith keeps, in words that a stranger can read.

Instants are told in UTC, since a wall clock means nothing to who does not know the wall.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from legacy.monolith.export.answers import told
from legacy.monolith.local_time import read
from legacy.monolith.shapes import Assessment, Attempt, Question

FORMAT = 1
Line = dict[str, Any]

KINDS = {
    "single": "SINGLE_CHOICE",
    "multiple": "MULTIPLE_CHOICE",
    "number": "NUMERIC",
    "text": "TEXT",
    "order": "ORDERING",
}
KEYS = {
    "single": "choices",
    "multiple": "choices",
    "number": "number",
    "text": "texts",
    "order": "choices",
}
STATES = {"in_progress": "IN_PROGRESS", "submitted": "PENDING_REVIEW", "graded": "GRADED"}


def opening(source: str, now: datetime) -> Line:
    return {"line": "archive", "format": FORMAT, "source": source, "at": now.isoformat()}


def definition(name: str, version: int, body: Assessment, timezone: str) -> Line:
    minutes = body["time_limit_min"]
    return {
        "line": "definition",
        "assessment": name,
        "version": version,
        "kind": body["type"],
        "items": [_item(question) for question in body["questions"]],
        "keys": [_key(question) for question in body["questions"]],
        "policy": body["policy"].upper(),
        "opens_at": _instant(body["opens"], timezone),
        "closes_at": _instant(body["closes"], timezone),
        "time_limit_s": None if minutes is None else minutes * 60,
        "grace_s": body["grace_s"],
        "timezone": timezone,
    }


def sitting(
    name: str, learner: str, attempts: list[Attempt], asked: Mapping[str, Question], timezone: str
) -> Line:
    """`asked` are the questions that the assessment has or had."""
    told_attempts = [_attempt(attempt, asked, timezone) for attempt in attempts]
    return {"line": "sitting", "assessment": name, "learner": learner, "attempts": told_attempts}


def _attempt(attempt: Attempt, asked: Mapping[str, Question], timezone: str) -> Line:
    answers, odd = told(attempt["answers"], asked)
    return {
        "number": attempt["number"],
        "state": STATES[attempt["state"]],
        "score": attempt["score"],
        "answers": answers,
        "odd": odd,
        "marks": _marks(attempt, asked),
        "started_at": _instant(attempt["started"], timezone),
        "saved_at": _instant(attempt["saved"], timezone),
        "submitted_at": _instant(attempt["submitted"], timezone),
        "max": attempt["max"],
        "late": attempt["late"],
        "banked": attempt["banked"],
    }


def _marks(attempt: Attempt, asked: Mapping[str, Question]) -> dict[str, float]:
    """Work that was brought in with its score and nothing else was marked by a human."""
    if attempt["answers"] or attempt["score"] is None or len(asked) != 1:
        return {}
    (question,) = asked.values()
    is_for_humans = question["type"] == "text" and question["answer"] is None
    return {question["id"]: attempt["score"]} if is_for_humans else {}


def _item(question: Question) -> Line:
    return {
        "id": question["id"],
        "kind": KINDS[question["type"]],
        "points": question["points"],
        "choices": [choice["id"] for choice in question["choices"]],
    }


def _key(question: Question) -> Line:
    """Without an answer where a human has to judge."""
    right, kind = question["answer"], question["type"]
    if right is None:
        return {"item": question["id"]}
    said = [right] if kind == "single" else right
    return {"item": question["id"], KEYS[kind]: said, "tolerance": question.get("tolerance", 0.0)}


def _instant(text: str | None, timezone: str) -> str | None:
    if text is None:
        return None
    return read(text).replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC).isoformat()
