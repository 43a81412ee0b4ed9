"""A folder of ours in a public place, for a server whose account cannot enter a private one."""

import os
import shutil
import stat
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from services.storage.embedded import EmbeddedError

# It survives a reboot, which the system's folder for temporary files does not.
PLACE = Path("/var/tmp")  # noqa: S108 -- trusted() checks whose it is


class Untrusted(EmbeddedError):
    """Somebody else made the folder we were about to use."""


def of_home(home: Path, place: Path = PLACE) -> Path:
    """The folder that belongs to this state folder, whether it is there or not."""
    return place / f"banyan-{sha256(str(home.absolute()).encode()).hexdigest()[:16]}"


def trusted(folder: Path) -> Path:
    """Makes the folder, or checks that it is a real one which only we can write in."""
    try:
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
    except FileExistsError:
        found = folder.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        if not is_ours or found.st_mode & 0o022:
            raise Untrusted(
                f"{folder} was not made by Banyan: remove it, or set BANYAN_HOME to another folder."
            ) from None
    return folder


def copy_readable(parts: Iterable[Path], target: Path) -> None:
    """Copies folders into `target` so that every account may read and run what is in them."""
    unfinished = target.with_name(target.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in parts:
        shutil.copytree(
            part,
            unfinished / part.name,
            symlinks=True,
            copy_function=_copy_file,
            ignore=shutil.ignore_patterns("include", "__pycache__"),
        )
    for folder, _, _ in os.walk(unfinished):
        Path(folder).chmod(0o755)
    unfinished.replace(target)


def _copy_file(source: str, target: str) -> None:
    shutil.copyfile(source, target, follow_symlinks=False)
    if not Path(target).is_symlink():
        is_program = os.access(source, os.X_OK)
        Path(target).chmod(0o755 if is_program else 0o644)
