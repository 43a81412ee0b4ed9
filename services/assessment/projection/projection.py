"""What attempts need of the old side: definitions, past attempts, people and enrolments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from services.assessment.projection import writes
from services.contracts import events as said
from services.contracts.events import Event, Happened
from services.contracts.ids import TenantId
from services.events.topics import Topics
from services.storage.db import Connection

T = TypeVar("T")

TENANT = "SELECT set_config('banyan.tenant', $1, true)"
CONCERNS_US = (
    said.PersonChanged
    | said.EnrolmentChanged
    | said.AssessmentChanged
    | said.ContentRemoved
    | said.AttemptsRecorded
)


class AssessmentProjection:
    """Of the source `legacy`; a projector and a backfill may share its tables."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics

    async def apply(self, connection: Connection, events: Sequence[Event]) -> None:
        """One tenant after the other: a connection sees one at a time."""
        for tenant, latest in _by_tenant(events).items():
            await connection.execute(TENANT, tenant)
            await _write(connection, tenant, latest)

    async def announce_all(self) -> None:
        """Nobody keeps what is made here."""

    async def announce(self, events: Sequence[Event]) -> None:
        """Says whose attempts at the old side changed."""
        touched: dict[str, str | None] = {}
        for event in events:
            if isinstance(event.data, said.AttemptsRecorded):
                touched |= dict.fromkeys(_topics(event.tenant, event.data), event.traceparent)
        await self._topics.publish(touched)


async def _write(db: Connection, tenant: TenantId, latest: Sequence[Happened]) -> None:
    await writes.know(db, tenant)
    await writes.people(db, tenant, _of(said.PersonChanged, latest))
    await writes.enrolments(db, tenant, _of(said.EnrolmentChanged, latest))
    await writes.definitions(db, tenant, _of(said.AssessmentChanged, latest))
    gone = [one.content for one in _of(said.ContentRemoved, latest)]
    await writes.remove(db, tenant, gone)
    await writes.past_attempts(db, tenant, _of(said.AttemptsRecorded, latest))


def _by_tenant(events: Iterable[Event]) -> dict[TenantId, list[Happened]]:
    """Of each stream its last word; in order, so that two who write the same never cross."""
    latest = {(event.tenant, event.stream): event.data for event in events}
    found: defaultdict[TenantId, list[Happened]] = defaultdict(list)
    for (tenant, _), data in sorted(latest.items(), key=lambda one: one[0]):
        if isinstance(data, CONCERNS_US):
            found[tenant].append(data)
    return found


def _topics(tenant: TenantId, data: said.AttemptsRecorded) -> Iterable[str]:
    for attempt in data.attempts:
        yield f"attempt:{tenant}:{data.assessment}-{data.user}-{attempt.number}"


def _of(kind: type[T], latest: Sequence[Happened]) -> list[T]:
    return [one for one in latest if isinstance(one, kind)]
