"""Whom PostgreSQL runs as: it refuses root, so root hands it to an account that owns nothing."""

import os
import pwd
from dataclasses import dataclass

CANDIDATES = ("nobody", "postgres", "daemon")


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The first candidate this machine has."""
    return next((account for account in map(_find, CANDIDATES) if account), None)


def is_root() -> bool:
    return os.geteuid() == 0


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    # macOS numbers nobody -2, which no process can be started as.
    usable = 0 < entry.pw_uid < 2**31 and 0 < entry.pw_gid < 2**31
    return Account(name, entry.pw_uid, entry.pw_gid) if usable else None
