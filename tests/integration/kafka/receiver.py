"""Reads topics from their beginning, as anybody may who knows nothing of us but docs/events.md."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec
from confluent_kafka import Consumer, Message, TopicPartition

from services.events.kafka.address import Kafka
from tests.integration.events.judge import Verdict
from tests.integration.monolith.waiting import until

WAIT_S, MOST = 0.1, 1_000
SETTINGS = {
    "group.id": "receiver",
    "enable.auto.commit": False,
    "allow.auto.create.topics": True,
    "log_level": 0,
}


@dataclass(frozen=True, slots=True)
class Received:
    """One message; `headers` as text, by name."""

    key: str
    value: bytes
    headers: Mapping[str, str]

    @property
    def id(self) -> str:
        return self.headers["ce_id"]

    @property
    def version(self) -> int:
        return int(self.headers["ce_sequence"])

    def said(self) -> dict[str, object]:
        return msgspec.json.decode(self.value, type=dict[str, object])


@dataclass(slots=True)
class Receiver:
    """What came, in the order in which it came."""

    messages: list[Received] = field(default_factory=list)

    def new(self) -> list[Received]:
        """Without what was there before, told by its id."""
        return list({message.id: message for message in reversed(self.messages)}.values())[::-1]

    def doubled(self) -> int:
        return len(self.messages) - len({message.id for message in self.messages})

    async def until(self, events: int, most_s: float = 30.0) -> None:
        """So many different ones have come."""

        async def have_come() -> bool:
            return len({message.id for message in self.messages}) >= events

        await until(have_come, most_s)


@asynccontextmanager
async def receiving(kafka: Kafka, topic: str) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    consumer = Consumer({**SETTINGS, **kafka})
    try:
        await asyncio.to_thread(_begin, consumer, topic)
        async with asyncio.TaskGroup() as work:
            reading = work.create_task(_read(consumer, receiver))
            yield receiver
            reading.cancel()
    finally:
        await asyncio.to_thread(consumer.close)


def judge(messages: Iterable[Received], committed: Mapping[str, int]) -> Verdict:
    """`committed` says how many events each stream has; versions that came again are no fault."""
    versions: dict[str, list[int]] = {}
    for message in messages:
        versions.setdefault(message.key, []).append(message.version)
    return Verdict(
        lost=sum(
            len(set(range(1, count + 1)) - set(versions.get(stream, [])))
            for stream, count in committed.items()
        ),
        misordered=sum(b != a + 1 for came in versions.values() for a, b in pairwise(_first(came))),
    )


def _first(versions: list[int]) -> list[int]:
    return list(dict.fromkeys(versions))


def _begin(consumer: Consumer, topic: str) -> None:
    known = consumer.list_topics(topic, timeout=10).topics[topic]
    assert known.partitions
    consumer.assign([TopicPartition(topic, partition, 0) for partition in known.partitions])


async def _read(consumer: Consumer, receiver: Receiver) -> None:
    while True:
        came = await asyncio.to_thread(consumer.consume, MOST, WAIT_S)
        receiver.messages += [_received(message) for message in came if message.error() is None]


def _received(message: Message) -> Received:
    key, value = message.key(), message.value()
    assert isinstance(key, bytes)
    assert isinstance(value, bytes)
    return Received(key.decode(), value, _as_text(dict(message.headers() or {})))


def _as_text(headers: Mapping[str, str | bytes | None]) -> dict[str, str]:
    return {name: text.decode() for name, text in headers.items() if isinstance(text, bytes)}
