"""Who moved what, when and why: a line of JSON for each change, in the state folder."""

from datetime import datetime
from getpass import getuser
from pathlib import Path

import msgspec

from services.kit.clock import SystemClock

NAME = "flags.history.jsonl"


class Entry(msgspec.Struct, frozen=True):
    """`what` was done to a capability, of one tenant if it says so."""

    at: datetime
    who: str
    capability: str
    what: str
    why: str
    tenant: str | None = None

    def told(self) -> str:
        whose = f" for {self.tenant}" if self.tenant else ""
        why = f": {self.why}" if self.why else ""
        what = f"{self.capability} {self.what}{whose}{why}"
        return f"{self.at:%Y-%m-%d %H:%M:%S} UTC  {self.who}  {what}"


class History:
    """`home` is the state folder."""

    def __init__(self, home: Path) -> None:
        self._path = home / NAME

    def add(self, entry: Entry) -> None:
        """In one write, so that of two at once neither tears the other. Raises an OSError."""
        with self._path.open("ab", buffering=0) as file:
            file.write(msgspec.json.encode(entry) + b"\n")

    def read(self) -> list[Entry]:
        """The oldest first; a line that was cut short is left out. Raises an OSError."""
        if not self._path.exists():
            return []
        found = [_entry(line) for line in self._path.read_bytes().splitlines()]
        return [one for one in found if one is not None]


def note(home: Path, capability: str, what: str, why: str = "", tenant: str | None = None) -> None:
    """By whoever runs this process, now. Raises an OSError."""
    History(home).add(Entry(SystemClock().now(), getuser(), capability, what, why, tenant))


def _entry(line: bytes) -> Entry | None:
    try:
        return msgspec.json.decode(line, type=Entry)
    except msgspec.MsgspecError:
        return None
