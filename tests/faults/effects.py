"""What submits of the whole quiz came to, by what the service has written down."""

from dataclasses import dataclass

from tests.faults.exams import Exams
from tests.faults.quiz import answers

EFFECTS = """
SELECT user_id,
    (SELECT count(*) FROM attempt_events AS e WHERE e.user_id = a.user_id
        AND data ->> 'type' = 'AttemptSubmitted'),
    (SELECT count(*) FROM answers AS e WHERE e.user_id = a.user_id),
    (SELECT count(*) FROM outbox WHERE stream = 'attempt/acme/1-' || a.user_id || '-1'
        AND data -> 'attempt' ->> 'state' = 'SUBMITTED')
FROM attempts AS a
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Submits that the client believes in and that are not there, and effects too many."""

    lost: int = 0
    doubled: int = 0


async def judge(hall: Exams) -> Verdict:
    """By events, answers, and what others are told."""
    lost = doubled = 0
    for _, submitted, answered, told in await hall.rows(EFFECTS):
        lost += submitted < 1 or answered < len(answers()) or told < 1
        doubled += submitted > 1 or told > 1
    return Verdict(lost, doubled)
