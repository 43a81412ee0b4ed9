"""The documents that may be run where only known ones may: read again when their file changes."""

import asyncio
from pathlib import Path
from typing import TypeAlias

from gateway.operation.manifest import BadManifest, Manifest
from services.kit.log import Log

LOOK_EVERY_S = 1.0
Stamp: TypeAlias = tuple[int, int, int]

log = Log("documents")


class Trusted:
    """The last good list of the file; raises BadManifest or OSError when the first is not good."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: Stamp | None = _stamp(path)
        self._manifest = Manifest.read(path)

    def text(self, id_: str) -> str | None:
        return self._manifest.texts.get(id_)

    def holds(self, hash_: str) -> bool:
        """Whether a text with this hash is listed, by whichever id."""
        return hash_ in self._manifest.owners

    def owner(self, hash_: str) -> str | None:
        """The name of the client that the text with this hash was listed for."""
        return self._manifest.owners.get(hash_)

    async def watch(self) -> None:
        """Looks for changes until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.refresh()

    async def refresh(self) -> None:
        """What cannot be read leaves the last good list."""
        stamp = _stamp(self._path)
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._manifest = await asyncio.to_thread(Manifest.read, self._path)
        except (BadManifest, OSError) as bad:
            log.error("documents.refused", why=str(bad), kept="the last good list")
        else:
            log.info("documents.loaded", listed=len(self._manifest.texts))


def _stamp(path: Path) -> Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
