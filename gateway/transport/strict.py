"""Decodes JSON so that nobody between the client and us can have read it differently."""

import json
import re
from typing import Any

import msgspec

MOST_DEPTH = 32
INTEGERS = range(-(2**63), 2**64)
_STRINGS = re.compile(rb'("[^"\\]*(?:\\.[^"\\]*)*")\s*(:?)', re.DOTALL)


class BadJson(ValueError):
    """Not JSON in UTF-8, or nested too deeply, or with a number out of range or a key twice."""


def decoded(text: bytes) -> Any:
    """Raises BadJson; msgspec already refuses NaN, lone surrogates, a byte order mark, 1e400."""
    try:
        value = msgspec.json.decode(text)
        _check(value, 0)
        if _may_repeat_a_key(text):
            json.loads(text, object_pairs_hook=_unique, strict=False)
    except BadJson:
        raise
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise BadJson("This is not JSON in UTF-8.") from wrong
    return value


def _check(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is dict or kind is list:
        if depth == MOST_DEPTH:
            raise BadJson(f"JSON is nested {MOST_DEPTH} levels deep at most.")
        for member in value.values() if kind is dict else value:
            _check(member, depth + 1)
    elif kind is int and value not in INTEGERS:
        raise BadJson("An integer has 64 bits at most.")


def _may_repeat_a_key(text: bytes) -> bool:
    """A quick look, over all objects at once: it is seldom that any two keys are the same."""
    keys = [key for key, colon in _STRINGS.findall(text) if colon]
    return len(set(keys)) < len(keys) or b"\\" in b"".join(keys)


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise BadJson("A key stands twice in one object.")
