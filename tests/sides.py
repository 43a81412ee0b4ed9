"""Turns flags of a running system, as a team does: by `banyan flags set`."""

import asyncio
import os
import subprocess
import time
from pathlib import Path

from legacy.monolith.demo import remember
from tests.integration.monolith.waiting import until
from tests.stack import BANYAN, Stack

READS = (
    "course.read",
    "progress.read",
    "live_class.schedule",
    "live_class.control",
    "assessment.read",
)
SETTLES_S = 0.5
"""Longer than a gateway lets pass between two looks at the file."""
BOTH = (*READS, "progress.write", "assessment.attempts", "assessment.scoring")


async def turn(
    stack: Stack, tenant: str, mode: str, *capabilities: str, percent: int | None = None
) -> None:
    """For this tenant alone."""
    remember(stack.home, {tenant: {"learner": "4"}})
    loads, written = _loads(stack), _written(stack)
    share = () if percent is None else ("--percent", str(percent))
    for capability in capabilities:
        await banyan(stack, "flags", "set", capability, mode, "--tenant", tenant, *share)
    if _written(stack) != written:
        await until(lambda: _is_in_force(stack, loads), most_s=10)


def _written(stack: Stack) -> int:
    file = stack.home / "flags.json"
    return file.stat().st_mtime_ns if file.exists() else 0


def _loads(stack: Stack) -> list[int]:
    """How often each gateway process says it has loaded flags."""
    logs = sorted((stack.home / "logs").glob("gateway.*.log"))
    return [log.read_text().count('"flags.loaded"') for log in logs]


async def _is_in_force(stack: Stack, loads: list[int]) -> bool:
    """Every gateway process has loaded since, and has looked behind the last change."""
    is_settled = time.time_ns() - _written(stack) > SETTLES_S * 1e9
    return is_settled and all(now > then for now, then in zip(_loads(stack), loads, strict=True))


async def banyan(stack: Stack, *words: str) -> str:
    """What a `banyan` command says; fails when it fails."""
    environ = {**os.environ, "BANYAN_HOME": str(stack.home)}
    process = await asyncio.create_subprocess_exec(
        BANYAN, *words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


def banyan_in(home: Path, *words: str) -> None:
    """The same, without waiting in an event loop, for a state folder of a test's own."""
    environ = {**os.environ, "BANYAN_HOME": str(home)}
    subprocess.run([str(BANYAN), *words], env=environ, check=True, capture_output=True)
