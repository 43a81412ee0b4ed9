"""The last good list of a server, on disk: what decides at a start while the server is away."""

import os
import tempfile
from pathlib import Path

from flags.document import Document, parse

NAME = "flags.server.json"


class Backup:
    """Several processes may keep it at once: a reader sees one's text, whole.

    `home` is the state folder.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / NAME

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def text(self) -> bytes:
        """Raises an OSError."""
        return self.path.read_bytes()

    def read(self) -> Document:
        """Raises BadFlags or an OSError."""
        return parse(self.text())

    def keep(self, text: bytes) -> None:
        """Raises an OSError, and has then left what was there."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # No name of the process': those of containers that share a folder may have the same.
        number, name = tempfile.mkstemp(dir=self.path.parent, prefix=f"{NAME}.")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(number)
            Path(name).replace(self.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
