"""Global ids: opaque to clients, one text for kind, tenant, side and local id."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NewType

TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
"""A person's local id: unique within a tenant only."""

CourseId = NewType("CourseId", str)
ModuleId = NewType("ModuleId", str)
LessonId = NewType("LessonId", str)
AssessmentId = NewType("AssessmentId", str)
AttemptId = NewType("AttemptId", str)
LearnerId = NewType("LearnerId", str)
LiveClassId = NewType("LiveClassId", str)
ParticipantId = NewType("ParticipantId", str)
BreakoutId = NewType("BreakoutId", str)
ViewerId = NewType("ViewerId", str)

_VERSION = "1"
_SHAPE = re.compile(r"1([a-z])([-ls])([a-z0-9][a-z0-9-]{0,31})/([A-Za-z0-9._-]{1,64})")
_LONGEST = 160


class Kind(StrEnum):
    ASSESSMENT = "a"
    ATTEMPT = "t"
    BREAKOUT = "b"
    COURSE = "c"
    LEARNER = "p"
    LESSON = "l"
    LIVE_CLASS = "k"
    MODULE = "m"
    PARTICIPANT = "g"
    VIEWER = "v"


class Side(StrEnum):
    """Which side owns the thing: told only for attempts and live classes, which never move."""

    EITHER = "-"
    LEGACY = "l"
    SERVICE = "s"


class BadId(ValueError):
    """The text is not an id of ours."""


@dataclass(frozen=True, slots=True)
class GlobalId:
    kind: Kind
    tenant: TenantId
    local: str
    side: Side = Side.EITHER

    def __str__(self) -> str:
        return encode(self.kind, self.tenant, self.local, self.side)


@lru_cache(maxsize=65_536)
def encode(kind: Kind, tenant: str, local: str | int, side: Side = Side.EITHER) -> str:
    plain = f"{_VERSION}{kind}{side}{tenant}/{local}"
    return urlsafe_b64encode(plain.encode()).rstrip(b"=").decode()


def learner_id(tenant: str, user: str | int) -> LearnerId:
    return LearnerId(encode(Kind.LEARNER, tenant, user))


@lru_cache(maxsize=65_536)
def decode(text: str) -> GlobalId:
    """Reads an id; the one text that encode() makes for a thing is the only one accepted for it.

    Raises BadId for anything else, so that no two texts name the same thing.
    """
    found = _SHAPE.fullmatch(_plain(text))
    if found is None:
        raise BadId("This is not an id of this platform.")
    kind, side, tenant, local = found.groups()
    try:
        given = GlobalId(Kind(kind), TenantId(tenant), local, Side(side))
    except ValueError as unknown:
        raise BadId("This is not an id of this platform.") from unknown
    if str(given) != text:
        raise BadId("This is not an id of this platform.")
    return given


def _plain(text: str) -> str:
    if len(text) > _LONGEST:
        raise BadId("This is not an id of this platform.")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (BadBase64, ValueError) as wrong:
        raise BadId("This is not an id of this platform.") from wrong
