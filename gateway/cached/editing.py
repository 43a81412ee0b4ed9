"""What teachers edit: everybody's entries of it end, and whoever edited reads no older."""

from dataclasses import dataclass

from gateway.cache.following import Following
from gateway.cache.heard import Heard
from gateway.cache.reading import CHANGES
from gateway.cached.courses import tag_of
from resolvers.ports import Editing
from services.contracts.errors import Refused
from services.contracts.ids import CourseId
from services.contracts.learning import CourseRenamed
from services.kit.caller import Caller

PROJECTED_S = 1.0
"""Longer than the way of an event into a projection that is well."""


@dataclass(frozen=True, slots=True)
class ToldEditing:
    """Where courses are read from a projection, an edit is done once that says that it has it."""

    source: Editing
    following: Following
    heard: Heard
    is_projected: bool

    async def rename(
        self, caller: Caller, course: CourseId, title: str, key: str
    ) -> CourseRenamed | Refused:
        before, tag = self.heard.position, tag_of(course)
        renamed = await self.source.rename(caller, course, title, key)
        if isinstance(renamed, Refused):
            return renamed
        told = await self._projected(tag, before) or await self.following.tell([tag])
        return CourseRenamed(renamed.course, {CHANGES: told} if told else {})

    async def _projected(self, tag: str, before: int) -> int:
        if not self.is_projected:
            return 0
        return await self.heard.told(tag, before, PROJECTED_S)
