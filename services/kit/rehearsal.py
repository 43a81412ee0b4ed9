"""Faults of a drill: a service fails a share of its calls while its state folder says so."""

from datetime import datetime
from pathlib import Path

import msgspec
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.kit.clock import Clock
from services.kit.log import Log

log = Log("rehearsal")
NAME = "rehearsal.json"
LOOK_EVERY_S = 0.2


class Fault(msgspec.Struct, frozen=True):
    """Of a service's calls to `paths`, `percent` are answered with a 500 before anything is done.

    It ends by itself at `until`, whatever became of whoever began it.
    """

    service: str
    paths: frozenset[str]
    percent: int
    until: datetime

    def begin(self, home: Path) -> None:
        draft = home / f"{NAME}.new"
        draft.write_bytes(msgspec.json.encode(self))
        draft.replace(home / NAME)


def end(home: Path) -> None:
    (home / NAME).unlink(missing_ok=True)


class Rehearsing:
    """Around a service's application; `name` is the service's, `home` the state folder."""

    def __init__(self, app: ASGIApp, name: str, home: Path, clock: Clock) -> None:
        self._app = app
        self._name = name
        self._path = home / NAME
        self._clock = clock
        self._fault: Fault | None = None
        self._seen: tuple[int, int] | None = None
        self._looked_s = float("-inf")
        self._owed = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._fails(scope["path"]):
            await PlainTextResponse("A drill.\n", 500)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _fails(self, path: str) -> bool:
        self._look()
        fault = self._fault
        if fault is None or path not in fault.paths or self._clock.now() >= fault.until:
            return False
        self._owed += fault.percent
        is_due = self._owed >= 100
        self._owed -= 100 * is_due
        return is_due

    def _look(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        stamp = _stamp(self._path)
        if stamp != self._seen:
            self._seen, self._fault = stamp, self._read()

    def _read(self) -> Fault | None:
        try:
            fault = msgspec.json.decode(self._path.read_bytes(), type=Fault)
        except (OSError, msgspec.MsgspecError):
            return None
        if fault.service != self._name:
            return None
        log.warning("rehearsal.begun", percent=fault.percent, until=fault.until.isoformat())
        return fault


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
