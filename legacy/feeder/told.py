"""Rows of the monolith's changes, and of its tables as they are now, as events."""

from collections.abc import Sequence
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from legacy.feeder.happened import Untranslatable, happened
from services.contracts.events import Event, Happened
from services.contracts.ids import TenantId
from services.contracts.snapshot import Kind
from services.kit.log import Log

SOURCE = "legacy"

# Each row with the zone that its local times are meant in.
CHANGES = """(
    SELECT changes.*, timezone FROM changes LEFT JOIN tenants ON tenants.id = tenant_id
) AS changes"""

log = Log("feeder")


class Row(Protocol):
    """A change's columns and `timezone`, by name."""

    def __getitem__(self, name: str, /) -> Any: ...


def events(rows: Sequence[Row]) -> list[Event]:
    """One event a row, in the rows' order."""
    return [
        Event(
            source=SOURCE,
            stream=row["stream"],
            version=row["version"],
            tenant=TenantId(row["tenant_id"]),
            at=row["at"],
            data=_data(row),
            traceparent=row["traceparent"],
            position=row["position"] or 0,
        )
        for row in rows
    ]


def _data(row: Row) -> Happened:
    """What cannot be translated is told as gone: it spoils itself alone, and the feed goes on."""
    kind, _, *ids = row["stream"].split("/")
    where = Kind(kind), [int(own) for own in ids], ZoneInfo(row["timezone"])
    try:
        return happened(*where, row["data"])
    except Untranslatable as wrong:
        log.error("feeder.untranslatable", wrong, stream=row["stream"], version=row["version"])
        return happened(*where, None)
