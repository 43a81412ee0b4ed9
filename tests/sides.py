"""Turns flags of a running system, as a team does: by `banyan flags set`."""

import asyncio
import os
import subprocess
from pathlib import Path

from legacy.monolith.demo import remember
from tests.stack import BANYAN, Stack

READS = ("course.read", "progress.read", "live_class.schedule")
BOTH = (*READS, "progress.write")


async def turn(stack: Stack, tenant: str, side: str, *capabilities: str) -> None:
    """For this tenant alone."""
    remember(stack.home, {tenant: {"learner": "4"}})
    for capability in capabilities:
        await banyan(stack, "flags", "set", capability, side, "--tenant", tenant)


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
