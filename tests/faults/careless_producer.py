"""A producer that does not wait for what Kafka says."""

from collections.abc import Sequence

from services.events.kafka.message import Message
from services.events.kafka.producer import Producer


def hands_over() -> None:
    """In this process, from now on."""

    async def deliver(self: Producer, topic: str, messages: Sequence[Message]) -> None:
        for message in messages:
            self._produce(topic, message, [])
        self._client.poll(0)

    setattr(Producer, "deliver", deliver)  # noqa: B010
