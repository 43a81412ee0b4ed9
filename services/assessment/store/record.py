"""Writes what was decided: the events, the attempt they leave, and what others are told of it."""

from msgspec.structs import replace

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed
from services.assessment.model.definition import Definition
from services.assessment.model.evolve import evolve
from services.assessment.model.place import Place
from services.assessment.model.sweep import due_at
from services.assessment.model.told import told
from services.assessment.store import attempts
from services.contracts.events import AttemptChanged, Event
from services.events.outbox import Outbox
from services.storage.db import Connection


async def record(
    db: Connection,
    outbox: Outbox,
    before: Attempt | None,
    changed: Changed,
    definition: Definition,
    traceparent: str | None = None,
) -> list[Event]:
    """The events for others, each with the attempt's version as its own; the lock is ours."""
    after = changed.attempt
    await attempts.write(db, after, changed.events, due_at(after, definition))
    said = _said(before, changed, definition)
    if not said:
        return []
    first = after.version - len(said) + 1
    stream = stream_of(after.place)
    return await outbox.append_versions(db, after.place.tenant, stream, first, said, traceparent)


def stream_of(place: Place) -> str:
    return f"attempt/{place.tenant}/{place.local}"


def topic_of(place: Place) -> str:
    return f"attempt:{place.tenant}:{place.local}"


def _said(
    attempt: Attempt | None, changed: Changed, definition: Definition
) -> list[AttemptChanged]:
    """How it was after each event, from the first one on that is anybody's concern."""
    found: list[AttemptChanged] = []
    begins = attempt is None or told(attempt, definition) is None
    for event in changed.events:
        attempt = evolve(attempt, event)
        if (said := told(attempt, definition)) is not None:
            found.append(replace(said, begins=begins and not found))
    return found
