"""The last drill of a running system: kept in its state folder, told on its status page."""

from pathlib import Path

import msgspec

from services.contracts.status import Drill

NAME = "last_drill.json"


def keep(home: Path, drill: Drill) -> None:
    """Raises an OSError."""
    draft = home / f"{NAME}.new"
    draft.write_bytes(msgspec.json.encode(drill))
    draft.replace(home / NAME)


def last(home: Path) -> Drill | None:
    """None where there was none, or nobody can read it."""
    try:
        return msgspec.json.decode((home / NAME).read_bytes(), type=Drill)
    except (OSError, msgspec.MsgspecError):
        return None
