"""What may be kept of a value: numbers, instants and words of the contract; of texts a digest."""

import secrets
from datetime import datetime, timedelta
from enum import Enum
from hashlib import blake2b
from typing import Any

from services.contracts.errors import Refused
from services.contracts.ids import BadId, Kind, decode

NOBODYS = frozenset({Kind.ASSESSMENT, Kind.COURSE, Kind.LESSON, Kind.LIVE_CLASS, Kind.MODULE})
"""Ids that say of what a thing is, and nothing of whom."""


class Redacted:
    """The salt goes with the process: nobody can try names against what is kept."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)

    def __call__(self, value: Any) -> Any:
        match value:
            case None | bool() | int() | float():
                return value
            case Enum():
                return value.value
            case datetime() | timedelta():
                return str(value)
            case Refused():
                return value.code.value
            case str():
                return self._text(value)
            case list():
                return f"{len(value)} of them"
            case _:
                return self._thing(value)

    def _thing(self, value: Any) -> Any:
        """Its kind, and which one it is."""
        kind = type(value).__name__
        own = getattr(value, "id", None)
        return kind if own is None else f"{kind} {self._text(own)}"

    def _text(self, text: str) -> str:
        try:
            kind = decode(text).kind
        except BadId:
            return f"text {self._digest(text)}, {len(text)} long"
        return text if kind in NOBODYS else f"id {self._digest(text)}"

    def _digest(self, text: str) -> str:
        plain = text.encode(errors="surrogatepass")
        return blake2b(plain, key=self._salt, digest_size=4).hexdigest()
