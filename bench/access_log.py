"""What the monolith was asked, as its own access log says."""

import re
from pathlib import Path

import click

_LINE = re.compile(rb'"GET (/\S*) HTTP/1\.1" 200')
_OWN = b"/health"


class AccessLog:
    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise click.ClickException(
                f"There is no {path}: this bench needs the monolith that `banyan up` starts."
            )
        self._path = path

    def end(self) -> int:
        """A place in the log: the present end of it."""
        return self._path.stat().st_size

    def since(self, place: int) -> list[str]:
        """The paths, with their queries, that were read behind a place, in order."""
        with self._path.open("rb") as log:
            log.seek(place)
            found = _LINE.findall(log.read())
        return [path.decode() for path in found if path != _OWN]
