"""A monolith of the bench's own: a process on a free port and a database that goes with it."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import httpx

from legacy.monolith import database, seed
from legacy.monolith.database import Connection
from legacy.monolith.migrate import migrate
from legacy.monolith.shapes import Choice, Question

DATABASE = "banyan_bench"
TENANT = "bench"
SECRET = "bench"
ASKED = re.compile(rb'"[A-Z]+ (/\S*) HTTP/1.1" \d+')
LONG_AGO = datetime(2026, 1, 1)  # noqa: DTZ001

QUESTION = Question(
    id="q1",
    type="single",
    prompt="Which is the largest planet?",
    choices=[Choice(id="a", label="Jupiter"), Choice(id="b", label="Mars")],
    answer="a",
    points=1.0,
)


@dataclass(frozen=True, slots=True)
class Platform:
    """`output` is what the process says: it logs each request."""

    url: str
    db: Connection
    process: subprocess.Popen[bytes]
    output: IO[bytes]

    def calls(self) -> list[str]:
        """The paths that were asked so far, as it says itself."""
        # Its own place in the file is where it writes on.
        said = os.pread(self.output.fileno(), os.fstat(self.output.fileno()).st_size, 0)
        return [path.decode() for path in ASKED.findall(said) if path != b"/health"]

    async def signed_in(self, user: int) -> httpx.AsyncClient:
        browser = httpx.AsyncClient(base_url=self.url, timeout=30)
        form = {"tenant": TENANT, "user": str(user), "secret": SECRET}
        (await browser.post("/login", data=form)).raise_for_status()
        return browser


@asynccontextmanager
async def platform(server_url: str, delay_ms: float, workers: int) -> AsyncIterator[Platform]:
    """An empty monolith with one tenant."""
    await database.drop(server_url, DATABASE)
    url = await database.create(server_url, DATABASE)
    try:
        await asyncio.to_thread(migrate, url)
        db = await database.connect(url)
        await seed.tenant(db, TENANT)
        with _process(url, delay_ms, workers) as (address, process, output):
            await _ready(address, process, output)
            yield Platform(address, db, process, output)
        await db.close()
    finally:
        await database.drop(server_url, DATABASE)


async def write_quizzes(db: Connection, courses: int, learners: int) -> list[int]:
    """One quiz in each course, every learner in every course; the quizzes' ids."""
    for learner in range(1, learners + 1):
        await seed.person(db, TENANT, learner)
    for course in range(1, courses + 1):
        quiz = ("Quiz", seed.assessment([QUESTION]))
        await seed.course(db, TENANT, course, assessments=[quiz])
        for learner in range(1, learners + 1):
            await seed.enrol(db, TENANT, course, learner)
    ids = "SELECT id FROM content WHERE tenant_id = $1 AND kind = 'assessment' ORDER BY id"
    return [row["id"] for row in await db.fetch(ids, TENANT)]


async def write_crowd(db: Connection, course: int, learners: int, lessons: int) -> None:
    """A course in which everyone has done every lesson; learner 1 is one of them."""
    await seed.course(db, TENANT, course, modules=[("All", [("A lesson", "TEXT")] * lessons)])
    ids = [row["id"] for row in await seed.contents(db, TENANT, course, "lesson")]
    everyone = range(1, learners + 1)
    enrolled = [(TENANT, course, user, "LEARNER") for user in everyone]
    await db.copy_records_to_table("enrolments", records=enrolled)
    done = [(TENANT, lesson, user, course, LONG_AGO) for user in everyone for lesson in ids]
    await db.copy_records_to_table("completions", records=done)
    await db.execute("ANALYZE completions")


@contextmanager
def _process(
    database_url: str, delay_ms: float, workers: int
) -> Iterator[tuple[str, subprocess.Popen[bytes], IO[bytes]]]:
    """Its address, itself, and what it says: it logs each request."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {name: text for name, text in os.environ.items() if not name.startswith("MONOLITH_")}
    environ |= {
        "MONOLITH_DATABASE_URL": database_url,
        "MONOLITH_PORT": str(port),
        "MONOLITH_GATEWAY_SECRET": SECRET,
        "MONOLITH_DELAY_MS": str(delay_ms),
        "MONOLITH_WORKERS": str(workers),
    }
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "legacy.monolith"], env=environ, stdout=output, stderr=output
        )
        try:
            yield f"http://127.0.0.1:{port}", process, output
        finally:
            process.terminate()
            process.wait()


async def _ready(address: str, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    async with httpx.AsyncClient(base_url=address) as browser:
        for _ in range(400):
            if process.poll() is not None:
                output.seek(0)
                raise RuntimeError(f"The monolith did not start:\n{output.read().decode()}")
            try:
                (await browser.get("/health")).raise_for_status()
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
            else:
                return
    raise TimeoutError("The monolith did not start within 20 s.")
