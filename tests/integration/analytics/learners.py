"""Events of learners who begin, save, hand in and are graded, and complete lessons."""

from collections import Counter
from datetime import UTC, datetime

from msgspec.structs import replace

from services.contracts.assessment import AttemptState
from services.contracts.events import AttemptChanged, Happened, LessonsCompleted, PastAttempt
from services.contracts.ids import TenantId
from services.events.outbox import Outbox
from services.storage import db
from services.storage.db import Pool

SOURCE = "assessment"
TENANT = TenantId("acme")
OUTBOX = Outbox(SOURCE)
COURSE, QUIZ, LESSON = 3, 41, 12
AT = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
OPEN = PastAttempt(1, AttemptState.IN_PROGRESS, AT, AT, None, None, 4.0, late=False)
GRADED = replace(OPEN, state=AttemptState.GRADED, submitted_at=AT, score=3.0)


async def learn(pool: Pool, user: int) -> None:
    """What one learner does: five events, of which four things are to be said."""
    attempt = f"attempt/{TENANT}/{QUIZ}-{user}-1"
    for stream, said in (
        (attempt, AttemptChanged(QUIZ, COURSE, user, OPEN)),
        (attempt, AttemptChanged(QUIZ, COURSE, user, OPEN)),
        (attempt, AttemptChanged(QUIZ, COURSE, user, GRADED)),
        (attempt, AttemptChanged(QUIZ, COURSE, user, GRADED)),
        (f"completions/{TENANT}/{COURSE}/{user}", LessonsCompleted(COURSE, user, [LESSON])),
    ):
        await tell(pool, stream, said)


async def tell(pool: Pool, stream: str, said: Happened) -> None:
    async with db.transaction(pool) as connection:
        await OUTBOX.append(connection, TENANT, stream, said)


def wanted(counted: Counter[tuple[str, ...]], learners: int) -> tuple[int, int]:
    """How many things were never said, and how many more than once."""
    return 4 * learners - len(counted), sum(times > 1 for times in counted.values())
