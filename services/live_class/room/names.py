"""How a class and who is in it are called: in streams, and as clients know them."""

import re

from services.contracts.ids import (
    BreakoutId,
    Kind,
    LiveClassId,
    ParticipantId,
    Side,
    encode,
)

NAME = re.compile(r"([ls])(0|[1-9][0-9]{0,17})")


def parted(live_class: str) -> tuple[Side, int] | None:
    """The side that scheduled it and its id there; None where the text names no class."""
    found = NAME.fullmatch(live_class)
    return (Side(found[1]), int(found[2])) if found else None


def live_class_id(tenant: str, live_class: str) -> LiveClassId:
    return LiveClassId(encode(Kind.LIVE_CLASS, tenant, live_class[1:], Side(live_class[0])))


def participant_id(tenant: str, live_class: str, user: int) -> ParticipantId:
    return ParticipantId(encode(Kind.PARTICIPANT, tenant, f"{live_class}.{user}"))


def breakout_id(tenant: str, live_class: str, number: int) -> BreakoutId:
    return BreakoutId(encode(Kind.BREAKOUT, tenant, f"{live_class}.{number}"))


def room_stream(tenant: str, live_class: str) -> str:
    """What teachers and time do to a class."""
    return f"room/{tenant}/{live_class}"


def participant_stream(tenant: str, live_class: str, user: int) -> str:
    """What somebody does in a class themselves."""
    return f"participant/{tenant}/{live_class}/{user}"
