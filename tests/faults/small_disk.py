"""A disk of a megabyte under the events of attempts, to be filled; without root a stand-in."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from services.assessment.tables import PARTS, rest_of
from services.storage.postgres_place import account
from services.storage.public_folder import PLACE
from tests.faults.exams import Exams

SPACE = "banyan_test_small_disk"
EVENTS = [f"{rest_of('attempt_events')}_{part}" for part in range(PARTS)]
NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$;
CREATE TRIGGER no_room BEFORE INSERT ON attempt_events FOR EACH ROW EXECUTE FUNCTION no_room();
"""
ROOM = "DROP TRIGGER no_room ON attempt_events; DROP FUNCTION no_room()"


class Disk:
    """`folder` is where it is mounted; None: it cannot be, and a trigger says what it would say."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    async def holds(self, hall: Exams) -> None:
        """Whatever happens to attempts is written to it from now on."""
        if self.folder is not None:
            for part in EVENTS:
                await hall.own.execute(f"ALTER TABLE {part} SET TABLESPACE {SPACE}")

    @asynccontextmanager
    async def filled(self, hall: Exams) -> AsyncIterator[None]:
        if self.folder is None:
            await hall.own.execute(NO_ROOM)
            yield
            await hall.own.execute(ROOM)
            return
        filler = self.folder / "filler"
        await asyncio.to_thread(_fill, filler)
        yield
        await asyncio.to_thread(filler.unlink)


@asynccontextmanager
async def small_disk(server_url: str) -> AsyncIterator[Disk]:
    """The database that uses it must be gone by the end."""
    folder = await asyncio.to_thread(_mounted)
    if folder is None:
        yield Disk(None)
        return
    try:
        await _execute(server_url, f"CREATE TABLESPACE {SPACE} LOCATION '{folder}'")
        yield Disk(folder)
        await _execute(server_url, f"DROP TABLESPACE {SPACE}")
    finally:
        await asyncio.to_thread(_unmount, folder)


def _mounted() -> Path | None:
    who, mount = account(), shutil.which("mount")
    if who is None or mount is None:
        return None
    # Where the account that PostgreSQL runs as can go.
    folder = Path(tempfile.mkdtemp(dir=PLACE))
    options = f"size=1m,uid={who.uid},gid={who.gid},mode=700"
    argv = [mount, "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(argv, check=False, capture_output=True).returncode:
        folder.rmdir()
        return None
    folder.chmod(0o700)
    os.chown(folder, who.uid, who.gid)
    return folder


def _unmount(folder: Path) -> None:
    subprocess.run([shutil.which("umount") or "umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(1024)):
                pass
        except OSError:
            return


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()
