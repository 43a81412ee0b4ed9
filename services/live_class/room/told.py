"""What stands in a room's row of what was told: read, and put into clients' words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from asyncpg import Record

from services.contracts.classroom import Hand, Participant
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState
from services.live_class.room.cursor import Cursor
from services.live_class.room.names import participant_id
from services.live_class.room.ring import Tick
from services.storage.db import Connection

COLUMNS = """rooms.live_class, rooms.epoch, rooms.state, rooms.version, rooms.state_version,
    rooms.presence_version, rooms.hands_version, rooms.breakouts_version, rooms.present,
    rooms.ticks, rooms.ring, rooms.hands"""
ROOM = f"SELECT {COLUMNS} FROM rooms WHERE tenant_id = $1 AND live_class = $2"
PEOPLE = """
SELECT user_id, name, role, region FROM participants
WHERE tenant_id = $1 AND live_class = $2 AND user_id = ANY ($3::bigint[]) ORDER BY user_id
"""


class Raised(msgspec.Struct, frozen=True):
    """A hand, as the room's row keeps it."""

    user: int
    name: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """All of a room that is told; of each kind the version at which it last changed."""

    live_class: str
    state: LiveClassState
    place: Cursor
    state_version: int
    presence_version: int
    hands_version: int
    breakouts_version: int
    present: int
    ring: list[Tick]
    hands: list[Raised]

    @classmethod
    def of(cls, row: Record) -> "Told":
        return cls(
            row["live_class"],
            LiveClassState(row["state"]),
            Cursor(row["epoch"], row["version"], row["ticks"]),
            row["state_version"],
            row["presence_version"],
            row["hands_version"],
            row["breakouts_version"],
            row["present"],
            msgspec.convert(row["ring"], list[Tick]),
            msgspec.convert(row["hands"], list[Raised]),
        )

    @property
    def is_over(self) -> bool:
        return self.state is LiveClassState.ENDED


def shown(tenant: str, live_class: str, hands: Sequence[Raised]) -> list[Hand]:
    return [
        Hand(participant_id(tenant, live_class, one.user), one.name, one.raised_at) for one in hands
    ]


async def people(
    db: Connection, tenant: str, live_class: str, users: Sequence[int]
) -> list[Participant]:
    if not users:
        return []
    rows = await db.fetch(PEOPLE, tenant, live_class, list(users))
    return [
        Participant(
            participant_id(tenant, live_class, row["user_id"]),
            row["name"],
            Role(row["role"]),
            row["region"],
        )
        for row in rows
    ]
