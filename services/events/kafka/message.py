"""An event as Kafka carries it: CloudEvents 1.0 in binary mode, one topic a source."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from services.contracts.events import Event, Happened, Unreadable

_to_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the stream: what happened in one is in one partition, in order."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def topic_of(source: str) -> str:
    return f"banyan.{source}"


def id_of(event: Event) -> str:
    """The same for one event however often it is sent."""
    return f"{event.source}/{event.stream}/{event.version}"


def type_of(happened: str) -> str:
    return f"banyan.{happened}.v1"


def message_of(event: Event) -> Message:
    data = _for_all(event.data)
    headers = {
        "ce_specversion": "1.0",
        "ce_id": id_of(event),
        "ce_source": f"/banyan/{event.source}",
        "ce_type": type_of(data["type"]),
        "ce_subject": event.stream,
        "ce_time": event.at.isoformat(),
        "ce_sequence": str(event.version),
        "content-type": "application/json",
    }
    if event.traceparent is not None:
        headers["traceparent"] = event.traceparent
    return Message(
        event.stream.encode(),
        _to_json({"tenant": event.tenant, "data": data}),
        [(name, text.encode()) for name, text in headers.items()],
    )


def _for_all(data: Happened) -> dict[str, Any]:
    """A topic has readers that no feed knows: the right answers are for none of them."""
    words: dict[str, Any] = (
        msgspec.json.decode(data.raw)
        if isinstance(data, Unreadable)
        else msgspec.to_builtins(data, builtin_types=(datetime,))
    )
    return {name: said for name, said in words.items() if name != "keys"}
