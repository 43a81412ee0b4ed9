"""Hands batches to Kafka: each is there as a whole and in order, or its beginning is."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

import confluent_kafka
from confluent_kafka import KafkaError, KafkaException

from services.events.kafka.address import Kafka
from services.events.kafka.message import Message
from services.kit.log import Log

DELIVER_S = 60.0
"""Longer than an answer may take: whoever is away for longer meets another producer of ours."""
FIRST_LOOK_S, LONGEST_LOOK_S = 0.001, 0.05

SETTINGS: dict[str, object] = {
    "acks": "all",
    "enable.idempotence": True,
    # Without it, what follows a message that was refused would be sent all the same.
    "enable.gapless.guarantee": True,
    # One message that gave up by itself would leave such a gap: the whole batch does, or nothing.
    "message.timeout.ms": 0,
    "linger.ms": 2,
    "message.max.bytes": 10_000_000,
    # As Java's clients spread keys.
    "partitioner": "murmur2_random",
    "reconnect.backoff.max.ms": 1_000,
    # Its own log is prose on standard error: what matters of it, we say.
    "log_level": 0,
    "logger": logging.Logger("librdkafka", logging.CRITICAL + 1),
}

log = Log("events.kafka")


class KafkaAway(ConnectionError):
    """Kafka did not say that it has the whole batch; it may have its beginning."""


class Trouble:
    """What Kafka's last trouble was."""

    def __init__(self) -> None:
        self.said = "it does not answer"

    def heed(self, error: KafkaError) -> None:
        self.said = error.str()
        log.warning("kafka.trouble", why=self.said)


class Producer:
    """`async with Producer(kafka) as producer`; after KafkaAway it is of no more use."""

    def __init__(self, kafka: Kafka) -> None:
        # Not a method of ours: the client would keep us, and we keep the client.
        self._trouble = Trouble()
        try:
            self._client = confluent_kafka.Producer(
                {**SETTINGS, **kafka, "error_cb": self._trouble.heed}
            )
        except (KafkaException, ValueError) as wrong:
            raise KafkaAway(f"Kafka cannot be used: {wrong}") from wrong

    async def __aenter__(self) -> "Producer":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self._end)

    async def deliver(self, topic: str, messages: Sequence[Message]) -> None:
        """Returns when Kafka has them all; raises KafkaAway."""
        failed: list[KafkaError] = []
        try:
            for message in messages:
                self._produce(topic, message, failed)
            async with asyncio.timeout(DELIVER_S):
                await self._until_reported()
        except (KafkaException, BufferError, TimeoutError) as away:
            raise KafkaAway(f"{topic}: {self._trouble.said}: {away!r}") from away
        if failed:
            raise KafkaAway(f"{topic}: {failed[0]}")

    def _produce(self, topic: str, message: Message, failed: list[KafkaError]) -> None:
        def report(error: KafkaError | None, _: object) -> None:
            if error is not None:
                failed.append(error)

        headers: list[tuple[str, str | bytes | None]] = [*message.headers]
        self._client.produce(topic, message.value, message.key, headers=headers, on_delivery=report)

    async def _until_reported(self) -> None:
        look_s = FIRST_LOOK_S
        while len(self._client):
            self._client.poll(0)
            await asyncio.sleep(look_s)
            look_s = min(look_s * 2, LONGEST_LOOK_S)

    def _end(self) -> None:
        """What is under way is forgotten, and sent again; it may wait for librdkafka's threads."""
        with suppress(KafkaException):
            self._client.purge()
            self._client.poll(0)
        # Its close() waits until everything is delivered; the last reference ends it at once.
        del self._client
