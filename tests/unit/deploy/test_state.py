"""The state folder is held by one supervisor at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.errors import AlreadyRuns, Unwritable
from deploy.state import held
from services.kit.clock import FakeClock
from services.storage.account import is_root, unprivileged

CLOCK = FakeClock(datetime(2026, 11, 24, tzinfo=UTC))


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    with held(tmp_path / "a" / "home", CLOCK):
        folders = [tmp_path / "a" / "home" / name for name in ("", "logs", "keys")]

        assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700] * 3


def test_a_held_folder_cannot_be_held_again(tmp_path: Path) -> None:
    refusal = pytest.raises(AlreadyRuns, match=rf"already runs .* \(process {os.getpid()}\)")

    with held(tmp_path, CLOCK), refusal, held(tmp_path, CLOCK):
        pass


def test_a_folder_that_was_let_go_can_be_held_again(tmp_path: Path) -> None:
    with held(tmp_path, CLOCK):
        pass

    with held(tmp_path, CLOCK):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_whoever_inherited_the_lock_holds_the_folder_too(tmp_path: Path) -> None:
    with held(tmp_path, CLOCK) as lock:
        inherited = os.dup(lock)

    with pytest.raises(AlreadyRuns), held(tmp_path, CLOCK):
        pass
    os.close(inherited)
    with held(tmp_path, CLOCK):
        pass


def test_a_folder_of_somebody_else_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    refusal = pytest.raises(Unwritable, match="cannot be written to")

    with unprivileged_process(), refusal, held(tmp_path / "home", CLOCK):
        pass


@contextmanager
def unprivileged_process() -> Iterator[None]:
    """Root may write everywhere: for a moment we are not root."""
    account = unprivileged()
    if not is_root() or account is None:
        yield
        return
    os.seteuid(account.uid)
    try:
        yield
    finally:
        os.seteuid(0)
