"""The state folder, held by one supervisor at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.errors import AlreadyRuns, Unwritable
from services.kit.clock import Clock

FOLDERS = ("logs", "keys")
# So long may the guardian of a killed supervisor need to stop what it left.
PATIENCE_S = 6.0


@contextmanager
def held(home: Path, clock: Clock) -> Iterator[int]:
    """Makes the folder and holds its lock; gives the lock's descriptor.

    Whoever inherits the descriptor holds the folder too.
    """
    descriptor = _open_lock(home)
    try:
        _lock(descriptor, home, clock)
        yield descriptor
    finally:
        os.close(descriptor)


def _open_lock(home: Path) -> int:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in FOLDERS:
            (home / name).mkdir(mode=0o700, exist_ok=True)
        return os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as refused:
        raise Unwritable(
            f"The state folder {home} cannot be written to ({refused.strerror}): "
            "set BANYAN_HOME to a folder of yours."
        ) from refused


def _lock(descriptor: int, home: Path, clock: Clock) -> None:
    patient_until = clock.monotonic_s() + PATIENCE_S
    while not _try_lock(descriptor):
        holder = os.pread(descriptor, 20, 0).decode().strip()
        if _lives(holder) or clock.monotonic_s() > patient_until:
            raise AlreadyRuns(f"Banyan already runs from {home} (process {holder}).")
        time.sleep(0.05)
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(holder: str) -> bool:
    return holder.isdigit() and psutil.pid_exists(int(holder))
