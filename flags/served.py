"""Keeps the flags as a server has them, and as it last had them for as long as it is away."""

import asyncio
from typing import NoReturn

from flags.backup import Backup
from flags.client import Flags
from flags.document import BadFlags
from flags.listed import ours
from flags.server import Fetch, Listed
from services.contracts.errors import UpstreamError, UpstreamMisbehaved
from services.kit.log import Log
from services.kit.told import told

EVERY_S = 0.5
"""A server itself may take a second to tell of a change; together it is less than two."""

log = Log("flags")


class Served:
    """Begins with the last good list on disk, so that no start waits for the server."""

    def __init__(self, flags: Flags, fetch: Fetch, backup: Backup) -> None:
        self._flags = flags
        self._fetch = fetch
        self._backup = backup
        self._tag: str | None = None
        self._good: bytes | None = None
        """The last good list of the server."""
        self._kept: bytes | None = None
        self._wrong = self._unkept = ""
        """What was last told of the server, and of the disk."""
        self._begin()

    async def watch(self) -> NoReturn:
        """Follows the server until it is cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(EVERY_S)

    async def refresh(self) -> None:
        """What the server does not say, or says wrongly, leaves the last good list in force."""
        try:
            listed = await self._fetch(self._tag)
            if listed is not None:
                self._take(listed)
        except (UpstreamError, BadFlags) as failed:
            self._tell(failed)
        else:
            self._tell_good()
        await self._keep()

    def _begin(self) -> None:
        try:
            text = ours(self._backup.text())
            self._flags.take(text, f"the server's last list, {self._backup.path}")
        except FileNotFoundError:
            log.info("flags.no_backup", used="flags.json until the server has answered")
        except (BadFlags, OSError) as bad:
            log.error("flags.backup_refused", why=str(bad), used="flags.json")
        else:
            self._good = self._kept = text

    def _take(self, listed: Listed) -> None:
        """Raises BadFlags: what is refused is asked for again, and so has no tag."""
        self._tag = None
        text = ours(listed.text)
        self._flags.take(text, "the server")
        self._good, self._tag = text, listed.tag

    async def _keep(self) -> None:
        """Also when somebody has removed it: the next start may need it."""
        text = self._good
        if text is None or (text == self._kept and self._backup.exists):
            return
        try:
            await asyncio.to_thread(self._backup.keep, text)
        except OSError as failed:
            # Its words name a draft, which has another name each time.
            why = failed.strerror or type(failed).__name__
            if why != self._unkept:
                log.warning("flags.not_kept", why=why)
            self._unkept = why
        else:
            self._kept, self._unkept = text, ""

    def _tell(self, failed: UpstreamError | BadFlags) -> None:
        """Once for each reason, not twice a second."""
        is_refused = isinstance(failed, BadFlags)
        why = str(failed) if is_refused else told(failed)
        if why != self._wrong:
            say = log.error if isinstance(failed, BadFlags | UpstreamMisbehaved) else log.warning
            event = "flags.refused" if is_refused else "flags.server_failed"
            say(event, why=why, kept="the last good ones")
        self._wrong = why

    def _tell_good(self) -> None:
        if self._wrong:
            log.info("flags.server_answers")
        self._wrong = ""
