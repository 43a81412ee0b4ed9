"""Decodes JSON so that nobody between the client and us can have read it differently."""

import json
import re
from typing import Any

import msgspec

MOST_DEPTH = 32
INTEGERS = range(-(2**63), 2**64)
_APART = re.compile(rb'"[ \t\r\n]+:')


class BadJson(ValueError):
    """Not JSON in UTF-8, or nested too deeply, or with a number out of range or a key twice."""


def decoded(text: bytes) -> Any:
    """Raises BadJson; msgspec already refuses NaN, lone surrogates, a byte order mark, 1e400."""
    try:
        value = msgspec.json.decode(text)
        if _members(value, 0) != text.count(b'":') or _APART.search(text):
            json.loads(text, object_pairs_hook=_unique, strict=False)
    except BadJson:
        raise
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise BadJson("This is not JSON in UTF-8.") from wrong
    return value


def _members(value: Any, depth: int) -> int:
    """Of all its objects: the text has as many keys, unless one stands twice."""
    kind = type(value)
    if kind is dict or kind is list:
        if depth == MOST_DEPTH:
            raise BadJson(f"JSON is nested {MOST_DEPTH} levels deep at most.")
        inner = value.values() if kind is dict else value
        own = len(value) if kind is dict else 0
        return own + sum([_members(member, depth + 1) for member in inner])
    if kind is int and value not in INTEGERS:
        raise BadJson("An integer has 64 bits at most.")
    return 0


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise BadJson("A key stands twice in one object.")
