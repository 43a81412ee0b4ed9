"""The state folder: where the running system says what listens where."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

RUN_FILE = "run.json"


class NotRunning(Exception):
    """No running system is recorded in this state folder."""


@dataclass(frozen=True, slots=True)
class Running:
    """Addresses in use, as the supervisor wrote them."""

    pid: int
    gateway: str
    monolith: str = field(repr=False)
    database: str = field(repr=False)
    redis: str = field(repr=False)

    def write(self, home: Path) -> None:
        text = json.dumps(asdict(self), indent=2)
        path = home / RUN_FILE
        path.touch(mode=0o600)
        path.write_text(text + "\n")


def running(home: Path) -> Running:
    """What runs from this folder; raises NotRunning."""
    try:
        return Running(**json.loads((home / RUN_FILE).read_text()))
    except (OSError, ValueError, TypeError) as missing:
        raise NotRunning(
            f"Nothing runs from {home}: start it with `make run`, or set BANYAN_HOME."
        ) from missing
