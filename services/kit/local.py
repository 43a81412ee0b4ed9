"""The local ids that a caller's global ones stand for, as a service knows them."""

import re
from collections.abc import Iterable

from services.contracts.ids import BadId, Kind, Side, decode
from services.kit.caller import Caller

NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


def local(caller: Caller, kind: Kind, text: str, side: Side | None = None) -> int | None:
    """None where it names nothing that could be the caller's; of any side where none is given."""
    named = local_text(caller, kind, text, side)
    return number(named) if named is not None else None


def locals_(
    caller: Caller, kind: Kind, texts: Iterable[str], side: Side | None = None
) -> list[int | None]:
    return [local(caller, kind, text, side) for text in texts]


def local_text(caller: Caller, kind: Kind, text: str, side: Side | None = None) -> str | None:
    try:
        named = decode(text)
    except BadId:
        return None
    is_own = named.kind is kind and named.tenant == caller.viewer.tenant
    return named.local if is_own and side in (None, named.side) else None


def number(text: str) -> int | None:
    return int(text) if NUMBER.fullmatch(text) else None
