"""The issuer's last good key set on disk, for a gateway that starts while the issuer is away."""

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec

from services.kit.clock import Clock
from services.kit.log import Log

log = Log("jwks")


class Kept(msgspec.Struct, frozen=True):
    """As it was told at `url`, at an instant in seconds since 1970."""

    url: str
    read_s: float
    jwks: dict[str, Any]


class KeptKeys:
    """Public keys alone. Those of another address are nobody's: the issuer was changed."""

    def __init__(self, path: Path, url: str, clock: Clock) -> None:
        self._path = path
        self._url = url
        self._clock = clock

    async def keep(self, jwks: dict[str, Any]) -> None:
        """A disk that takes nothing costs nobody their entry."""
        kept = Kept(self._url, self._clock.now().timestamp(), jwks)
        try:
            await asyncio.to_thread(self._write, msgspec.json.encode(kept))
        except OSError as failed:
            log.warning("jwks.not_kept", why=str(failed))

    def find(self, within_s: float) -> tuple[dict[str, Any], float] | None:
        """The set and its age, in seconds; None where there is none so young."""
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=Kept)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as bad:
            log.warning("jwks.kept_unreadable", why=str(bad))
            return None
        age_s = self._clock.now().timestamp() - kept.read_s
        is_good = kept.url == self._url and 0 <= age_s <= within_s
        return (kept.jwks, age_s) if is_good else None

    def _write(self, text: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        draft.write_bytes(text)
        draft.replace(self._path)
