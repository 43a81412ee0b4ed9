"""Rows of those in a class: each is its own learner's, written and told with one statement."""

from services.commands.uow import UnitOfWork
from services.contracts.class_events import ClassAttended, HandChanged
from services.contracts.events import Event, Happened
from services.live_class.room.held import Held
from services.live_class.room.names import participant_stream

# Their own row is locked first, and its version is the event's.
TELL = """
INSERT INTO outbox (tenant_id, stream, version, data, traceparent)
SELECT $1, $4, version, $5, $6 FROM own
RETURNING version, at
"""
JOIN = f"""
WITH own AS (
    INSERT INTO participants AS known (tenant_id, live_class, user_id, name, role, region)
    VALUES ($1, $2, $3, $7, $8, $9)
    ON CONFLICT (tenant_id, live_class, user_id) DO UPDATE SET version = known.version + 1,
        name = excluded.name, role = excluded.role, region = excluded.region, left_at = NULL,
        joined_at = excluded.joined_at
    RETURNING version
) {TELL}"""
LEAVE = f"""
WITH own AS (
    UPDATE participants SET left_at = clock_timestamp(), version = version + 1
    WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3 AND left_at IS NULL
    RETURNING version
), lowered AS (
    DELETE FROM hands USING own WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3
) {TELL}"""
RAISE = f"""
WITH own AS (
    UPDATE participants SET version = version + 1
    WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3 AND left_at IS NULL
        AND NOT EXISTS (
            SELECT FROM hands WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3
        )
    RETURNING version
), raised AS (
    INSERT INTO hands (tenant_id, live_class, user_id) SELECT $1, $2, $3 FROM own
    ON CONFLICT DO NOTHING
) {TELL}"""
LOWER = f"""
WITH own AS (
    UPDATE participants SET version = version + 1
    WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3 AND EXISTS (
        SELECT FROM hands WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3
    )
    RETURNING version
), lowered AS (
    DELETE FROM hands USING own WHERE tenant_id = $1 AND live_class = $2 AND user_id = $3
) {TELL}"""


async def join(work: UnitOfWork, held: Held, region: str) -> int:
    """Each of these gives the version of their stream that says so."""
    shown = held.name, held.standing.shown, region
    return await _write(work, held, JOIN, _attended(held, present=True), *shown)


async def leave(work: UnitOfWork, held: Held) -> int:
    return await _write(work, held, LEAVE, _attended(held, present=False))


async def raise_hand(work: UnitOfWork, held: Held) -> int:
    return await _write(work, held, RAISE, _hand(held, raised=True))


async def lower_hand(work: UnitOfWork, held: Held) -> int:
    return await _write(work, held, LOWER, _hand(held, raised=False))


async def _write(work: UnitOfWork, held: Held, what: str, data: Happened, *more: str) -> int:
    """Where it is so already nothing is told, and the version is the one that there was."""
    place = held.tenant, held.live_class, held.user
    stream = participant_stream(*place)
    row = await work.db.fetchrow(what, *place, stream, data, work.traceparent, *more)
    if row is None:
        return held.own_version
    version, at = row["version"], row["at"]
    source = work.outbox.source
    work.events.append(Event(source, stream, version, held.tenant, at, data, work.traceparent))
    return int(version)


def _attended(held: Held, *, present: bool) -> ClassAttended:
    return ClassAttended(held.live_class, held.course, held.user, present)


def _hand(held: Held, *, raised: bool) -> HandChanged:
    return HandChanged(held.live_class, held.course, held.user, raised)
