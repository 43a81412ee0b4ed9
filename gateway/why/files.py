"""A file a process, in the state folder: a line an answer, so that any process can be asked."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil

from gateway.why.why import Why

FOLDER = "why"
MOST = 1_000
"""Lines of a file; then it takes the place of the one before it."""


class WhyFiles:
    """`home` is the state folder."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._lines_written = 0

    def begin(self) -> None:
        """What processes have left that live no more goes."""
        for file in self._folder.glob("*.jsonl"):
            pid = file.name.partition(".")[0]
            if not pid.isdigit() or not psutil.pid_exists(int(pid)):
                file.unlink(missing_ok=True)

    def add(self, whys: Iterable[Why]) -> None:
        """This process's newest. Raises OSError."""
        lines = [msgspec.json.encode(one) + b"\n" for one in whys]
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / f"{os.getpid()}.jsonl"
        if self._lines_written >= MOST:
            path.replace(path.with_suffix(".before.jsonl"))
            self._lines_written = 0
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(b"".join(lines))
        self._lines_written += len(lines)

    def find(self, request_id: str) -> Why | None:
        """What any process has written of it."""
        named = request_id.encode()
        for line in self._lines():
            if named in line:
                with suppress(msgspec.MsgspecError):
                    why = msgspec.json.decode(line, type=Why)
                    if why.request_id == request_id:
                        return why
        return None

    def _lines(self) -> Iterator[bytes]:
        for file in self._folder.glob("*.jsonl"):
            with suppress(OSError):
                yield from file.read_bytes().splitlines()
