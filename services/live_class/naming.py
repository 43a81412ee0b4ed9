"""Local names in the classroom's questions, of the global ids that clients have.

A live class is called by the letter of the side that scheduled it and its id there (`l42`), who
takes part in it `l42.<user>`, a breakout of it `l42.<number>`.
"""

import re
from typing import NewType

from services.contracts.ids import (
    BadId,
    BreakoutId,
    GlobalId,
    Kind,
    LiveClassId,
    ParticipantId,
    Side,
    decode,
)
from services.kit.caller import Caller

ClassName = NewType("ClassName", str)
NUMBER = r"(0|[1-9][0-9]{0,17})"
CLASS = re.compile(NUMBER)
INSIDE = re.compile(rf"([ls]{NUMBER})\.{NUMBER}")


def class_name(caller: Caller, live_class: LiveClassId) -> ClassName | None:
    """None where it names nothing that could be the caller's."""
    named = _own(caller, Kind.LIVE_CLASS, live_class)
    is_ours = named is not None and named.side is not Side.EITHER and CLASS.fullmatch(named.local)
    return ClassName(f"{named.side}{named.local}") if named and is_ours else None


def number_in(
    caller: Caller, inside: ClassName | None, kind: Kind, thing: ParticipantId | BreakoutId
) -> int | None:
    """The user, or the number of the breakout; None where it is of another class."""
    named = _own(caller, kind, thing)
    found = INSIDE.fullmatch(named.local) if named else None
    return int(found[3]) if found and found[1] == inside else None


def _own(caller: Caller, kind: Kind, text: str) -> GlobalId | None:
    try:
        named = decode(text)
    except BadId:
        return None
    return named if named.kind is kind and named.tenant == caller.viewer.tenant else None
