"""flags.json in the state folder: made from the defaults, read whole, changed by one at a time."""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from flags.document import VERSION, Document, Feature, parse, render, with_features
from flags.names import CAPABILITIES
from flags.rollout import default_rollout, feature_of

NAME = "flags.json"
LOCK = "flags.lock"
Stamp: TypeAlias = tuple[int, int, int]


def defaults() -> Document:
    """What holds where nobody has decided anything."""
    return Document(
        VERSION, [feature_of(one, default_rollout(one)) for one in CAPABILITIES.values()]
    )


class FlagFile:
    """A reader sees an old file or a new one, whole; `home` is the state folder."""

    def __init__(self, home: Path) -> None:
        self.path = home / NAME
        self._lock = home / LOCK

    def ensure(self) -> None:
        """Makes the file unless there is one, also when several processes begin at once."""
        if self.path.exists():
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            if not self.path.exists():
                self._write(render(defaults()))

    def stamp(self) -> Stamp | None:
        """Differs after every change; None where there is no file."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def text(self) -> bytes:
        """Raises an OSError."""
        return self.path.read_bytes()

    def read(self) -> Document:
        """Raises BadFlags or an OSError."""
        return parse(self.text())

    def change(self, edit: Callable[[Document], Iterable[Feature]]) -> None:
        """Puts the features that `edit` gives into the file; changes wait for one another."""
        self.ensure()
        with self._alone():
            text = self.text()
            self._write(with_features(text, edit(parse(text))))

    def _write(self, text: bytes) -> None:
        draft = self.path.with_suffix(".new")
        with draft.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Holds the lock of all writers; it goes with its holder, however that one ends."""
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
