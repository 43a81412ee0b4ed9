"""Known holes that we live with for a while: each has a reason and a last day."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from deploy.audit.hole import Hole

FILE = Path(__file__).with_name("accepted.toml")


@dataclass(frozen=True, slots=True)
class Accepted:
    """`id` is any of the names that an advisory goes by; `until` is its last day."""

    id: str
    reason: str
    until: date

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"{self.id} is accepted without a reason")


def read(path: Path = FILE) -> list[Accepted]:
    """Raises TypeError or ValueError for an entry without a reason or a day."""
    entries = tomllib.loads(path.read_text()).get("accepted", [])
    return [Accepted(**entry) for entry in entries]


def expired(accepted: Iterable[Accepted], today: date) -> list[str]:
    return [one.id for one in accepted if one.until < today]


def left(holes: Iterable[Hole], accepted: Iterable[Accepted], today: date) -> list[Hole]:
    """Those that nobody has accepted, or no longer."""
    borne = {one.id for one in accepted if one.until >= today}
    return [hole for hole in holes if not borne & hole.ids]
