"""What upstreams were asked, as their own access logs say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

_OWN = b"/health"


class AccessLog:
    """One upstream's; only what was asked by `verb`, and granted, counts."""

    def __init__(self, path: Path, verb: str) -> None:
        if not path.exists():
            raise click.ClickException(
                f"There is no {path}: this bench needs what `banyan up` starts."
            )
        self._path = path
        self._line = re.compile(rf'"{verb} (/\S*) HTTP/1\.1" 200'.encode())

    def end(self) -> int:
        """A place in the log: the present end of it."""
        return self._path.stat().st_size

    def since(self, place: int) -> list[str]:
        """The paths, with their queries, that were asked behind a place, in order."""
        with self._path.open("rb") as log:
            log.seek(place)
            found = self._line.findall(log.read())
        return [path.decode() for path in found if path != _OWN]


@dataclass(frozen=True, slots=True)
class AccessLogs:
    """Those of all upstreams of one side."""

    logs: Sequence[AccessLog]

    def end(self) -> list[int]:
        return [log.end() for log in self.logs]

    def since(self, places: Sequence[int]) -> list[str]:
        both = zip(self.logs, places, strict=True)
        return [path for log, place in both for path in log.since(place)]
