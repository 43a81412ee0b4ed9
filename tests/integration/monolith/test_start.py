"""The monolith's own commands, as processes."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process

import httpx
import pytest

from legacy.monolith import database
from tests.integration.monolith.serving import free_port
from tests.integration.monolith.waiting import until


async def command(module: str, **environ: str) -> Process:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MONOLITH_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=kept | environ, stdout=PIPE, stderr=PIPE
    )


async def test_it_serves_and_logs_each_request_until_it_is_told_to_stop(monolith_url: str) -> None:
    port = free_port()
    process = await command(
        "legacy.monolith", MONOLITH_DATABASE_URL=monolith_url, MONOLITH_PORT=str(port)
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as browser:

        async def is_healthy() -> bool:
            try:
                return (await browser.get("/health")).text == "ok"
            except httpx.ConnectError:
                return False

        try:
            await until(is_healthy)
        finally:
            process.terminate()
            said = await asyncio.wait_for(process.communicate(), 10)

    asked, told = said
    assert b'"GET /health HTTP/1.1" 200' in asked
    assert b"Traceback" not in told


@pytest.mark.parametrize(
    "module", ["legacy.monolith", "legacy.monolith.migrate", "legacy.monolith.sample"]
)
async def test_without_a_database_one_sentence_says_so(module: str) -> None:
    nowhere = f"postgresql://postgres@127.0.0.1:{free_port()}/banyan_monolith"
    process = await command(module, MONOLITH_DATABASE_URL=nowhere)

    _, said = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 1
    assert said.count(b"\n") == 1, said.decode()
    assert b"Errno" in said


async def test_the_migration_may_be_repeated(database_url: str) -> None:
    url = await database.create(database_url, "banyan_test_migrate")
    try:
        for _ in range(2):
            process = await command("legacy.monolith.migrate", MONOLITH_DATABASE_URL=url)
            said = await asyncio.wait_for(process.communicate(), 20)
            assert (process.returncode, said) == (0, (b"", b""))
    finally:
        await database.drop(database_url, "banyan_test_migrate")
