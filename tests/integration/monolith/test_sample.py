"""The sample in a real database."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from legacy.monolith import database
from legacy.monolith.migrate import migrate
from tests.integration.monolith.serving import monolith

DATABASE = "banyan_test_sample"


@pytest.fixture(scope="module")
async def empty_url(database_url: str) -> AsyncIterator[str]:
    """A database of its own, since the sample wants to be the first."""
    url = await database.create(database_url, DATABASE)
    await asyncio.to_thread(migrate, url)
    yield url
    await database.drop(database_url, DATABASE)


async def sample(url: str, home: Path) -> str:
    """What the command says."""
    environ = os.environ | {"MONOLITH_DATABASE_URL": url, "BANYAN_HOME": str(home)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "legacy.monolith.sample", env=environ, stdout=PIPE
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    return said.decode()


async def test_it_fills_once_and_leaves_alone_what_is_there(empty_url: str, tmp_path: Path) -> None:
    first = await sample(empty_url, tmp_path)
    second = await sample(empty_url, tmp_path)

    assert "Making the sample" in first
    assert second == "There are tenants already: the sample is left out.\n"
    people = {"operator": "1", "teacher": "2", "proctor": "3", "learner": "4"}
    demo = json.loads((tmp_path / "demo.json").read_text())
    assert demo == {"ministry": people, "northfield": people, "acme": people}


async def test_the_demo_learner_can_live_on_it(empty_url: str, tmp_path: Path) -> None:
    await sample(empty_url, tmp_path)

    async with monolith(empty_url) as old:
        browser = await old.signed_in("ministry", 4)
        courses = (await browser.get("/my/courses")).json()["courses"]
        progress = (await browser.get(f"/courses/{courses[0]['id']}/progress")).json()
        agenda = (await browser.get("/my/agenda")).json()["classes"]
        await browser.aclose()

    assert len(courses) == 20
    assert 0 < progress["done"] < progress["total"]
    assert len(agenda) == 20 * 11
