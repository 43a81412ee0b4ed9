"""Reads what events say; one that says what we do not know spoils itself alone."""

from datetime import datetime

import msgspec

from services.contracts.events import Event, Happened, Unreadable
from services.contracts.ids import TenantId

_events = msgspec.json.Decoder(list[Event])
_happened = msgspec.json.Decoder(Happened)


class _Envelope(msgspec.Struct, frozen=True):
    """An event whose data is not read yet."""

    source: str
    stream: str
    version: int
    tenant: TenantId
    at: datetime
    data: msgspec.Raw
    traceparent: str | None = None
    position: int = 0


_envelopes = msgspec.json.Decoder(list[_Envelope])


def events_of(body: bytes) -> list[Event]:
    """An array of events as JSON; raises msgspec.DecodeError where an envelope is spoilt."""
    try:
        return [_again(event) for event in _events.decode(body)]
    except msgspec.ValidationError:
        return [_opened(envelope) for envelope in _envelopes.decode(body)]


def understood(raw: bytes) -> Happened:
    """What JSON says; Unreadable for what is none, or uses other words."""
    try:
        said: Happened = _happened.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        return Unreadable(raw.decode(errors="replace"), str(wrong))
    return said


def worded(data: object) -> Happened:
    """What a decoded value says; Unreadable for other words."""
    try:
        said: Happened = msgspec.convert(data, Happened)
    except msgspec.ValidationError as wrong:
        return Unreadable(msgspec.json.encode(data).decode(), str(wrong))
    return said


def _again(event: Event) -> Event:
    """Whoever passed it on may have known fewer words than we do."""
    if not isinstance(event.data, Unreadable):
        return event
    return msgspec.structs.replace(event, data=understood(event.data.raw.encode()))


def _opened(envelope: _Envelope) -> Event:
    fields = msgspec.structs.asdict(envelope)
    return _again(Event(**{**fields, "data": understood(bytes(envelope.data))}))
