"""What goes on while learners learn: flags turn, pins run out, carriers stop, a replica lags."""

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import psutil
from redis import Redis

from flags.change import Change
from flags.names import PROGRESS_READ, PROGRESS_WRITE
from tests.faults.own_replicas import Group
from tests.stack import Stack

PERCENTS = (0, 50, 100)
MIRROR = "legacy.feeder --only projector"
PROJECTOR = "services.progress --only projector"
PINS = "pin:progress.write:*"
LAGS = ("0", "300ms", "2s", "30s")


@dataclass(frozen=True, slots=True)
class Unrest:
    """For one tenant; `stops_s` is how long a carrier stands still at most.

    `carriers` are processes of the stack, each named by words of its command.
    """

    stack: Stack
    tenant: str
    dice: Random
    stops_s: float
    carriers: Sequence[str] = (MIRROR, PROJECTOR)

    async def turn_flags(self) -> None:
        """To all, to none or to half of the learners, which are others for each capability."""
        while True:
            capability = self.dice.choice((PROGRESS_READ, PROGRESS_WRITE))
            change = Change(capability, self.dice.choice(PERCENTS), self.tenant)
            await asyncio.to_thread(change.applied, self.stack.home)
            await asyncio.sleep(0.3 + self.dice.random())

    async def let_pins_run_out(self) -> None:
        """As after an hour: the next completion goes where the flag says."""
        while True:
            await asyncio.sleep(0.5 + self.dice.random())
            await asyncio.to_thread(self._end_pins)

    async def make_lag(self, servers: Group, replica: int) -> None:
        """The replica applies what it receives later, and sooner, and much later."""
        while True:
            await servers.lags(replica, self.dice.choice(LAGS))
            await asyncio.sleep(1 + self.dice.random())

    def _end_pins(self) -> None:
        with Redis.from_url(self.stack.redis) as redis:
            if pins := list(redis.scan_iter(PINS)):
                redis.delete(*pins)

    async def stop_carriers(self) -> None:
        """One after the other, also both at once."""
        async with asyncio.TaskGroup() as work:
            for words in self.carriers:
                work.create_task(self._stop_now_and_then(running(self.stack, words)))

    async def _stop_now_and_then(self, process: psutil.Process) -> None:
        try:
            while True:
                process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(self.stops_s * self.dice.random())
                process.send_signal(signal.SIGCONT)
                await asyncio.sleep(self.stops_s / 2 * self.dice.random())
        finally:
            process.send_signal(signal.SIGCONT)


def running(stack: Stack, words: str) -> psutil.Process:
    """The stack's process with these words in its command."""
    children = psutil.Process(stack.process.pid).children(recursive=True)
    return next(child for child in children if words in " ".join(child.cmdline()))


@contextmanager
def standing_still(stack: Stack, words: str) -> Iterator[None]:
    process = running(stack, words)
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
