"""A Kafka of a test's own, in a process that can be frozen: librdkafka's cluster of one broker."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from confluent_kafka import Producer

from services.events.kafka.address import Kafka

STARTS_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Broker:
    """Frozen it is there, takes connections, and answers nobody."""

    kafka: Kafka
    process: Process

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def broker() -> AsyncIterator[Broker]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE
    )
    try:
        yield Broker({"bootstrap.servers": await _address(process)}, process)
    finally:
        process.kill()
        await process.wait()


async def _address(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(STARTS_WITHIN_S):
        return (await process.stdout.readline()).decode().strip()


def main() -> None:
    """Says where it is, and is there until it is killed or whoever started it is gone."""
    cluster = Producer({"bootstrap.servers": "none", "test.mock.num.brokers": 1, "log_level": 0})
    [member] = cluster.list_topics(timeout=STARTS_WITHIN_S).brokers.values()
    sys.stdout.write(f"{member.host}:{member.port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
