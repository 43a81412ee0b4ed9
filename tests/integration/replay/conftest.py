"""A monolith with the sample in it, and what `banyan legacy export` makes of it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from os import environ
from pathlib import Path

import pytest

from legacy.monolith import database
from legacy.monolith.database import Connection
from tests.integration.monolith.fresh import fresh
from tests.integration.replay.running import Done, banyan

DATABASE = "banyan_test_replay"


@dataclass(frozen=True, slots=True)
class Old:
    """The monolith's database, and its folder."""

    url: str
    db: Connection
    home: Path

    def export(self, out: Path, *words: object) -> Done:
        return banyan("legacy", "export", "--out", out, *words, MONOLITH_DATABASE_URL=self.url)


@pytest.fixture(scope="module")
async def old(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Old]:
    home = tmp_path_factory.mktemp("old")
    async with fresh(database_url, DATABASE) as url:
        await asyncio.to_thread(_sample, url, home)
        db = await database.connect(url)
        yield Old(url, db, home)
        await db.close()


def _sample(url: str, home: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "legacy.monolith.sample"],
        env=environ | {"MONOLITH_DATABASE_URL": url, "BANYAN_HOME": str(home)},
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
