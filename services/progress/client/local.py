"""The local ids that global ones stand for, as the service knows them."""

import re
from collections.abc import Iterable

from services.contracts.ids import BadId, Kind, decode
from services.kit.caller import Caller

NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


def local(caller: Caller, kind: Kind, text: str) -> int | None:
    """None where it names nothing that could be the caller's."""
    named = local_text(caller, kind, text)
    return number(named) if named is not None else None


def locals_(caller: Caller, kind: Kind, texts: Iterable[str]) -> list[int | None]:
    return [local(caller, kind, text) for text in texts]


def local_text(caller: Caller, kind: Kind, text: str) -> str | None:
    try:
        named = decode(text)
    except BadId:
        return None
    is_own = named.kind is kind and named.tenant == caller.viewer.tenant
    return named.local if is_own else None


def number(text: str) -> int | None:
    return int(text) if NUMBER.fullmatch(text) else None
