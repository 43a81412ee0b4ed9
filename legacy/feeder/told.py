"""Rows of the monolith's changes, and of its tables as they are now, as events."""

from collections.abc import Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from legacy.feeder.happened import Untranslatable, happened
from legacy.feeder.keys import keys
from services.contracts.events import AssessmentChanged, Event, Happened
from services.contracts.ids import TenantId
from services.contracts.snapshot import Kind
from services.kit.log import Log

SOURCE = "legacy"
SCORER = "assessment"
"""The one consumer that is told the right answers."""

# Each row with the zone that its local times are meant in.
CHANGES = """(
    SELECT changes.*, timezone FROM changes LEFT JOIN tenants ON tenants.id = tenant_id
) AS changes"""

log = Log("feeder")


class Row(Protocol):
    """A change's columns and `timezone`, by name."""

    def __getitem__(self, name: str, /) -> Any: ...


def events(rows: Sequence[Row], consumer: str | None = None) -> list[Event]:
    """One event a row, in the rows' order."""
    return [
        Event(
            source=SOURCE,
            stream=row["stream"],
            version=row["version"],
            tenant=TenantId(row["tenant_id"]),
            at=row["at"],
            data=_data(row, consumer),
            traceparent=row["traceparent"],
            position=row["position"] or 0,
        )
        for row in rows
    ]


def _data(row: Row, consumer: str | None) -> Happened:
    """What cannot be translated is told as gone: it spoils itself alone, and the feed goes on."""
    kind, _, *ids = row["stream"].split("/")
    where = Kind(kind), [int(own) for own in ids], ZoneInfo(row["timezone"])
    try:
        said = happened(*where, row["data"])
        return _with_keys(said, row["data"]) if consumer == SCORER else said
    except Untranslatable as wrong:
        log.error("feeder.untranslatable", wrong, stream=row["stream"], version=row["version"])
        return happened(*where, None)


def _with_keys(said: Happened, data: Any) -> Happened:
    return replace(said, keys=keys(data)) if isinstance(said, AssessmentChanged) else said
