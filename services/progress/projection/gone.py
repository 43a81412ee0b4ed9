"""The courses of content that was removed, until it is announced: events do not say them."""

from collections.abc import Iterable, Sequence

from services.contracts.events import ContentRemoved, Event
from services.progress.projection.tags import Removed

Row = tuple[str, int, int, bool]
"""A tenant, content, its course, and whether it stood in the outline."""


class Gone:
    """`outlines` has those of `courses` that stood in an outline."""

    def __init__(self) -> None:
        self.courses: dict[Removed, int] = {}
        self.outlines: dict[Removed, int] = {}

    def take(self, rows: Iterable[Row]) -> None:
        for tenant, content, course, was_in_outline in rows:
            self.courses[tenant, content] = course
            if was_in_outline:
                self.outlines[tenant, content] = course

    def forget(self, events: Sequence[Event]) -> None:
        """They are announced."""
        for event in events:
            if isinstance(event.data, ContentRemoved):
                self.courses.pop((event.tenant, event.data.content), None)
                self.outlines.pop((event.tenant, event.data.content), None)
