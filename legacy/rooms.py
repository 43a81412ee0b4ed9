"""A class as the monolith holds it, in the contract's words."""

from zoneinfo import ZoneInfo

from legacy import translate, wire
from legacy.zones import to_utc
from services.contracts.classroom import Hand, Participant, Room
from services.contracts.ids import Kind, LiveClassId, ParticipantId, Side, TenantId, encode
from services.contracts.learning import Role
from services.contracts.live_class import LiveClassState

MOST_HANDS = 100
CLOSED = "closed"


def state_of(found: wire.Room) -> LiveClassState | None:
    """None where nobody has opened it."""
    return None if found.state == CLOSED else LiveClassState(found.state.upper())


def a_room(
    tenant: TenantId, zone: ZoneInfo, live_class: LiveClassId, found: wire.Room
) -> Room | None:
    """None where nobody has opened it."""
    state = state_of(found)
    if state is None:
        return None
    hands = [
        Hand(_participant(tenant, found.id, one.id), one.name, to_utc(one.raised, zone))
        for one in found.hands[:MOST_HANDS]
    ]
    return Room(live_class, state, len(found.people), hands, [])


def a_participant(tenant: TenantId, live_class: LiveClassId, found: wire.InRoom) -> Participant:
    number = int(translate.local(live_class, Side.LEGACY))
    return Participant(_participant(tenant, number, found.id), found.name, Role(found.role), "")


def _participant(tenant: TenantId, live_class: int, user: int) -> ParticipantId:
    return ParticipantId(encode(Kind.PARTICIPANT, tenant, f"{Side.LEGACY}{live_class}.{user}"))
