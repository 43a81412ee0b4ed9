"""Where the flags of a state folder are read and changed: in its file, or at a server."""

from contextlib import closing
from pathlib import Path
from typing import Protocol

from flags.backup import Backup
from flags.change import BadChange, Change
from flags.document import VERSION, Document, parse
from flags.file import FlagFile
from flags.listed import ours
from services.kit.settings import Settings


class Origin(Protocol):
    @property
    def told(self) -> str:
        """Where the flags come from, in a sentence."""

    def text(self) -> bytes:
        """Raises BadFlags or an OSError."""

    def apply(self, change: Change) -> Document:
        """Gives what is in force then; raises BadChange, BadFlags or an OSError."""


def origin_of(settings: Settings) -> Origin:
    file = OfFile(settings.home)
    return OfServer(settings, file) if settings.unleash_url else file


class OfFile:
    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = FlagFile(home)

    @property
    def told(self) -> str:
        return f"By {self._file.path}."

    def text(self) -> bytes:
        self._file.ensure()
        return self._file.text()

    def apply(self, change: Change) -> Document:
        change.applied(self._home)
        return self._file.read()


class OfServer:
    """As a gateway last saw the server's list; until one has, by the file."""

    def __init__(self, settings: Settings, file: OfFile) -> None:
        self._settings = settings
        self._backup = Backup(settings.home)
        self._file = file

    @property
    def told(self) -> str:
        if self._backup.exists:
            return f"By the Unleash server's list, as last seen: {self._backup.path}."
        return f"No list of the Unleash server was seen yet. {self._file.told}"

    def text(self) -> bytes:
        return ours(self._backup.text()) if self._backup.exists else self._file.text()

    def apply(self, change: Change) -> Document:
        # It takes httpx, which no other command needs.
        from flags.admin import NotChanged, admin_of

        at = self._settings
        if not at.unleash_admin_token:
            raise BadChange(
                "Flags come from the Unleash server of BANYAN_UNLEASH_URL: change them there, "
                "or set BANYAN_UNLEASH_ADMIN_TOKEN."
            )
        try:
            with closing(admin_of(at)) as admin:
                names = [one.name for one in change.flags]
                before = Document(VERSION, [one for one in map(admin.feature, names) if one])
                wanted = list(change.features(at.home, before))
                for one in wanted:
                    admin.put(one)
        except NotChanged as refused:
            raise BadChange(str(refused)) from refused
        return Document(VERSION, [*wanted, *before.features])


def read(origin: Origin) -> Document:
    return parse(origin.text())
