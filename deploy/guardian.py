"""Stops every process of the local stack once its supervisor is gone, however that ended.

Usage: guardian.py PATIENCE_S RUN_FILE. Standard input tells what runs, a line each: "+PID NAME"
when a process starts, "-PID" when it ended. When the last writer has closed it, what still runs
is stopped, RUN_FILE is removed, and the guardian ends: with 0 when nothing is left.
It imports nothing but the standard library, so that it starts at once and cannot be broken.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

# On SIGTERM PostgreSQL waits for its clients to leave; on SIGINT it sends them away.
STORES = {"valkey": signal.SIGTERM, "postgres": signal.SIGINT}
STORES_PATIENCE_S = 1.0


def main() -> int:
    patience_s, run_file = float(sys.argv[1]), sys.argv[2]
    is_stopped = stop(told(sys.stdin), patience_s)
    if os.path.exists(run_file):  # noqa: PTH110 -- pathlib takes longer to import than all else
        os.unlink(run_file)  # noqa: PTH108
    return 0 if is_stopped else 1


def told(lines: Iterable[str]) -> dict[int, str]:
    """Reads to the end; gives the names of the processes that still run, by their numbers."""
    running: dict[int, str] = {}
    for line in lines:
        number, _, name = line[1:].strip().partition(" ")
        if line.startswith("+"):
            running[int(number)] = name
        else:
            running.pop(int(number), None)
    return running


def stop(running: dict[int, str], patience_s: float) -> bool:
    """Stops first what uses the stores, then the stores; tells whether nothing is left."""
    stores = {pid: name for pid, name in running.items() if name in STORES}
    users = [pid for pid in running if pid not in stores]
    _stop_users(users, patience_s)
    _stop_stores(stores)
    return not any(is_alive(pid) for pid in running)


def _stop_users(users: list[int], patience_s: float) -> None:
    send(users, signal.SIGTERM)
    ended(users, patience_s)
    # Always: a process that ended may have left others in its group.
    send(users, signal.SIGKILL)
    ended(users, 0.3)


def _stop_stores(stores: dict[int, str]) -> None:
    for pid, name in stores.items():
        send([pid], STORES[name])
    if not ended(stores, STORES_PATIENCE_S):
        send([pid for pid, name in stores.items() if name == "postgres"], signal.SIGQUIT)
        ended(stores, 0.3)
        send(stores, signal.SIGKILL)
        ended(stores, 0.2)


def ended(pids: Iterable[int], within_s: float) -> bool:
    """Waits until none is alive, at most so long."""
    until = time.monotonic() + within_s
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def is_alive(pid: int) -> bool:
    """Whether the process runs; each has a group of its own number."""
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        # macOS answers EPERM for a group of which only the uncollected dead are left.
        return False
    return not _is_uncollected(pid)


def _is_uncollected(pid: int) -> bool:
    """Whether it is dead, and only whoever inherited it has not noticed: Linux tells."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            return file.read().rpartition(b")")[2].split()[0] == b"Z"
    except OSError:
        return False


def send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.killpg(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


if __name__ == "__main__":
    sys.exit(main())
