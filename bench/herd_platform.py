"""The school that a herd is of, gateways before it, and the herd's requests."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.keep_alive import post
from bench.learner import token
from bench.old_platform import QUESTION, SECRET, TENANT, Platform
from bench.rivals.running import await_open
from deploy.ports import free_base
from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import Kind, encode
from services.kit.settings import Settings

DELAY_MS, WORKERS = 200.0, 48
FEW = 20
"""So many viewers ask for what all share; what is their own is known before."""
SHARED = """query Herd($course: ID!) { course(id: $course) {
  title code assessments { edges { node { title kind closesAt } } } } }"""
OWN = "{ viewer { courses { edges { node { id } } } } }"
WITH_OWN = """query Class($course: ID!) { course(id: $course) {
  title code assessments { edges { node { title kind closesAt } } }
  progress { completed total ratio } } }"""
PATIENT = {
    "BANYAN_REQUEST_BUDGET_MS": "300000",
    "BANYAN_UPSTREAM_BUDGET_MS": "200000",
    "BANYAN_CONCURRENCY": "0",
    "BANYAN_VIEWER_RATE": "0",
    "BANYAN_TENANT_RATE": "0",
}
"""All of a herd are answered, whenever that is: nobody is turned away at the door."""


@dataclass(frozen=True, slots=True)
class School:
    """Its courses are numbered from `first`; nobody asked for any of them yet."""

    home: Path
    learners: int
    first: int

    async def write(self, db: Connection, courses: int) -> None:
        everyone = range(1, self.learners + 1)
        people = [(TENANT, one, f"Person {one}", f"{one}@bench.example", "en") for one in everyone]
        await db.copy_records_to_table("people", records=people)
        roles = [(TENANT, one, "LEARNER") for one in everyone]
        await db.copy_records_to_table("roles", records=roles)
        quiz = ("Quiz", seed.assessment([QUESTION]))
        for course in range(self.first, self.first + courses):
            lessons = [("All", [("A lesson", "TEXT")] * 5)]
            await seed.course(db, TENANT, course, modules=lessons, assessments=[quiz] * 5)
            enrolled = [(TENANT, course, one, "LEARNER") for one in everyone]
            await db.copy_records_to_table("enrolments", records=enrolled)

    def requests(self, query: str, learners: int, course: int = 0) -> list[bytes]:
        """One of each learner."""
        variables = {"course": encode(Kind.COURSE, TENANT, course)} if course else {}
        settings = Settings()
        return [
            post(token(self.home, settings, TENANT, str(one)), query=query, variables=variables)
            for one in range(1, learners + 1)
        ]


@contextmanager
def gateways(
    home: Path, platform: Platform, redis_url: str, many: int, *words: str, cache_mb: int = 64
) -> Iterator[list[str]]:
    """Their addresses; they end with the block. `words` go behind their command."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        environ = _environ(home, platform, redis_url, cache_mb)
        with (home / "log").open("ab") as log:
            addresses = [_started(environ, words, log.fileno(), started) for _ in range(many)]
        yield addresses
    finally:
        for process in started:
            process.terminate()
            process.wait()


def _started(
    environ: Mapping[str, str],
    words: Sequence[str],
    log: int,
    started: list[subprocess.Popen[bytes]],
) -> str:
    port = free_base(10_000 + os.getpid() % 100 * 100, ["gateway"])
    command: Sequence[str] = [sys.executable, "-m", "bench.herd_gateway", *words]
    own = {**environ, "BANYAN_PORT": str(port)}
    started.append(subprocess.Popen(command, env=own, stdout=log, stderr=log))
    await_open(port, started)
    return f"127.0.0.1:{port}"


def _environ(home: Path, platform: Platform, redis_url: str, cache_mb: int) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BANYAN_", "MONOLITH_"))}
    return {
        **inherited,
        **PATIENT,
        "BANYAN_HOME": str(home),
        "BANYAN_LEGACY_URL": platform.url,
        "BANYAN_LEGACY_SECRET": SECRET,
        "BANYAN_CACHE_MB": str(cache_mb),
        "REDIS_URL": redis_url,
    }
