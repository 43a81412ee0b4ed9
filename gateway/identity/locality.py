"""What a token says of its owner's language and time zone; what is wrong with it harms nobody."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.viewer import UTC
from services.kit.log import Log

log = Log("token")
_TAG = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}")
LONGEST_ZONE = 64


def locale_in(claims: Mapping[str, Any]) -> str | None:
    """OpenID Connect's `locale`, as BCP 47 writes it or as Java does."""
    said = claims.get("locale")
    return said if isinstance(said, str) and _TAG.fullmatch(said) else None


def zone_in(claims: Mapping[str, Any]) -> str:
    """OpenID Connect's `zoneinfo`; UTC where it names no zone of the IANA's."""
    said = claims.get("zoneinfo")
    if said is None:
        return UTC
    if isinstance(said, str) and len(said) <= LONGEST_ZONE and _is_zone(said):
        return said
    log.warning("token.bad_zone", tenant=str(claims.get("tenant")), zone=repr(said)[:LONGEST_ZONE])
    return UTC


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return False
    return True
