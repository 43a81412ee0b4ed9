"""Imports a calendar file: reads it, compares it with what is planned, and writes what differs.

NotImported   nothing, or not all of it, was written; it says why
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec

from services.commands.bus import Bus, Order
from services.contracts.changes import classes_tag
from services.contracts.errors import Refused
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.events.bell import Bell
from services.events.changes import Changes
from services.events.outbox import Outbox
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.live_class.migrate import APP
from services.live_class.rights import WORKER
from services.live_class.schedule import store
from services.live_class.schedule.courses import Mapped, Rule, mapped
from services.live_class.schedule.ics.calendar import File, classes_of
from services.live_class.schedule.ics.occurrence import Said, Span
from services.live_class.schedule.plan import Plan, Planned, plan
from services.live_class.schedule.planning import PLAN, in_pieces
from services.live_class.schedule.timetable import Campus
from services.storage import db
from services.storage.address import database_url, redis_url
from services.storage.db import Pool

IMPORTER = UserId("timetable")
PIECE = 100
"""So many classes are one transaction: whoever is stopped half way goes on with the next run."""

Advance = Callable[[int], object]


class NotImported(Exception):
    """Nothing, or not all of it, was written."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be imported, and how; `zone` is that of times which have none."""

    tenant: str
    file: File
    rules: Sequence[Rule]
    calendar: str
    zone: ZoneInfo | None
    span: Span
    prune: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What would be done, and what the timetable would be."""

    said: Said
    mapped: Mapped
    plan: Plan
    held: Sequence[Planned]
    campus: Campus

    @property
    def refused(self) -> int:
        return len(self.said.refused) + len(self.mapped.refused) + len(self.plan.refused)


class Importing:
    """`pool` is the worker's: it sees one tenant at a time."""

    def __init__(self, pool: Pool, bus: Bus, changes: Changes) -> None:
        self._pool = pool
        self._bus = bus
        self._changes = changes

    async def look(self, wish: Wish, advance: Advance) -> Found:
        """Writes nothing; raises TooMany, or NotImported where a rule names no course."""
        said = classes_of(wish.file.blocks, wish.span, wish.zone, advance)
        found = mapped(wish.rules, said.occurrences)
        async with db.reading(self._pool, wish.tenant) as connection:
            campus = await Campus.read(connection, wish.tenant, wish.span)
            held = await store.held(connection, wish.tenant, wish.calendar, wish.span)
        _check(wish, campus)
        made = plan(wish.calendar, found.wanted, said.called_off, held, wish.span)
        return Found(said, found, made, held, campus)

    async def write(self, wish: Wish, rows: Sequence[Planned], advance: Advance) -> None:
        """Raises NotImported; what was written by then stays, and is not written again."""
        actor = Viewer(TenantId(wish.tenant), IMPORTER, frozenset({Role.OPERATOR}))
        for piece in in_pieces(rows, PIECE):
            key = f"classes {sha256(msgspec.json.encode(piece)).hexdigest()}"
            reply = await self._bus.execute(PLAN, Order(actor, key, piece))
            if isinstance(reply, Refused):
                raise NotImported(f"{reply.message} Run it again: it goes on where it was.")
            await self._changes.tell([classes_tag(wish.tenant, one) for one in reply.courses])
            advance(len(piece.rows))


def _check(wish: Wish, campus: Campus) -> None:
    if not campus.courses:
        raise NotImported(f"The live class service knows no course of tenant {wish.tenant}.")
    unknown = sorted({rule.course for rule in wish.rules} - campus.courses)
    if unknown:
        courses = ", ".join(map(str, unknown))
        raise NotImported(f"Tenant {wish.tenant} has no course {courses}, which a rule names.")


@asynccontextmanager
async def importing(environ: Mapping[str, str]) -> AsyncIterator[Importing]:
    """Connected inside the block; raises BadSetting or NotRunning."""
    clock, redis = SystemClock(), redis_url(environ)
    async with AsyncExitStack() as open_:
        pool = await open_.enter_async_context(
            db.pool(database_url(APP, environ), size=2, role=WORKER)
        )
        bell = await open_.enter_async_context(Bell(redis, clock))
        topics = Topics(redis, clock)
        open_.push_async_callback(topics.close)
        changes = Changes(redis, clock)
        open_.push_async_callback(changes.close)
        yield Importing(pool, Bus(pool, Outbox(APP), bell, topics.publish), changes)
