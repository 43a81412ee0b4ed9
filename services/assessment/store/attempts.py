"""Attempts as they are stored: a row for each, its answers in rows of their own, its events."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from services.assessment.model.attempt import Attempt
from services.assessment.model.events import AnswersSaved, AttemptEvent
from services.assessment.model.place import Place
from services.contracts.assessment import Answer
from services.storage.db import Connection

WHERE = """
WHERE tenant_id = $1 AND assessment_id = $2 AND user_id = $3 AND preview = $4 AND number = $5
"""

# Three places at once, since all belong together: what happened, what was answered, how it is now.
WRITE = """
WITH happened AS (
    INSERT INTO attempt_events
        (tenant_id, assessment_id, user_id, preview, number, version, at, by, data)
    SELECT $1, $2, $3, $4, $5, $6::int + nth - 1,
        (said ->> 'at')::timestamptz, (said ->> 'by')::bigint, said
    FROM jsonb_array_elements($7::jsonb) WITH ORDINALITY AS given (said, nth)
), answered AS (
    INSERT INTO answers
        (tenant_id, assessment_id, user_id, preview, number, item, sequence, data)
    SELECT $1, $2, $3, $4, $5, said ->> 'item_id', (said ->> 'sequence')::bigint, said
    FROM jsonb_array_elements($8::jsonb) AS given (said)
    ON CONFLICT (tenant_id, assessment_id, user_id, preview, number, item)
    DO UPDATE SET sequence = excluded.sequence, data = excluded.data
)
INSERT INTO attempts (tenant_id, assessment_id, user_id, preview, number, data, due_at)
VALUES ($1, $2, $3, $4, $5, $9::jsonb, $10)
ON CONFLICT (tenant_id, assessment_id, user_id, preview, number)
DO UPDATE SET data = excluded.data, due_at = excluded.due_at
"""
SET_DUE = f"UPDATE attempts SET due_at = $6 {WHERE}"

_attempt = msgspec.json.Decoder(Attempt)
_answers = msgspec.json.Decoder(list[Answer])


async def write(
    db: Connection, attempt: Attempt, events: Sequence[AttemptEvent], due_at: datetime | None
) -> None:
    """The attempt as its `events`, the last ones, left it."""
    first = attempt.version - len(events) + 1
    state = replace(attempt, answers={})
    await db.execute(
        WRITE, *key(attempt.place), first, list(events), _answered(events), state, due_at
    )


async def set_due(db: Connection, place: Place, due_at: datetime | None) -> None:
    await db.execute(SET_DUE, *key(place), due_at)


def key(place: Place) -> tuple[str, int, int, bool, int]:
    return place.tenant, place.assessment, place.user, place.preview, place.number


def read(data: str) -> Attempt:
    """Of the text of an attempt's `data`: without its answers."""
    return _attempt.decode(data)


def with_answers(attempt: Attempt, answers: str | None) -> Attempt:
    """`answers` is the text of all its answers' `data`."""
    known = _answers.decode(answers) if answers else []
    return replace(attempt, answers={answer.item_id: answer for answer in known})


def _answered(events: Sequence[AttemptEvent]) -> list[Answer]:
    """Of each item the newest."""
    saved = (event.answers for event in events if isinstance(event, AnswersSaved))
    return list({answer.item_id: answer for answers in saved for answer in answers}.values())
