"""Writes what time did to an attempt, and tells of it once it is committed."""

from dataclasses import dataclass

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed
from services.assessment.model.definition import Definition
from services.assessment.store.record import record, topic_of
from services.events.bell import Bell, outbox_channel
from services.events.outbox import Outbox
from services.events.topics import Topics
from services.storage.db import Connection


@dataclass(frozen=True, slots=True)
class Telling:
    outbox: Outbox
    bell: Bell
    topics: Topics

    async def write(
        self, db: Connection, before: Attempt | None, changed: Changed, definition: Definition
    ) -> None:
        await record(db, self.outbox, before, changed, definition)

    async def committed(self, changed: Changed) -> None:
        await self.bell.ring(outbox_channel(self.outbox.source))
        await self.topics.publish({topic_of(changed.attempt.place): None})
