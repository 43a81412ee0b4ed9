"""Writes what time did to an attempt, and tells of it once it is committed."""

from services.assessment.model.attempt import Attempt
from services.assessment.model.decision import Changed
from services.assessment.model.definition import Definition
from services.assessment.store.record import record, topic_of
from services.events.bell import Bell, outbox_channel
from services.events.outbox import Outbox
from services.events.topics import Topics
from services.storage.db import Connection


class Telling:
    """Of many that are committed at once one tells for all: Redis is asked once, not for each."""

    def __init__(self, outbox: Outbox, bell: Bell, topics: Topics) -> None:
        self._outbox = outbox
        self._bell = bell
        self._topics = topics
        self._untold: dict[str, str | None] = {}
        self._is_telling = False

    async def write(
        self, db: Connection, before: Attempt | None, changed: Changed, definition: Definition
    ) -> None:
        await record(db, self._outbox, before, changed, definition)

    async def committed(self, changed: Changed) -> None:
        self._untold[topic_of(changed.attempt.place)] = None
        if self._is_telling:
            return
        self._is_telling = True
        try:
            while self._untold:
                await self._tell()
        finally:
            self._is_telling = False

    async def _tell(self) -> None:
        topics, self._untold = self._untold, {}
        await self._bell.ring(outbox_channel(self._outbox.source))
        await self._topics.publish(topics)
