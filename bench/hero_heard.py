"""What is heard in an ordinary class: whose hands are up, and what one is sent."""

import asyncio
from typing import Any, TypeAlias

import msgspec

Wanted: TypeAlias = tuple[str, bool]
"""A participant, and whether their hand is up."""


class Heard:
    """By those two of a class who listen for it; each future has the moment when it was told."""

    def __init__(self) -> None:
        self._hands: dict[Wanted, asyncio.Future[float]] = {}
        self._signals: dict[str, asyncio.Future[float]] = {}

    def expect_hand(self, who: str, *, is_up: bool) -> asyncio.Future[float]:
        return self._hands.setdefault((who, is_up), asyncio.Future())

    def expect_signal(self, payload: str) -> asyncio.Future[float]:
        return self._signals.setdefault(payload, asyncio.Future())

    def classroom(self, payload: msgspec.Raw) -> None:
        event = _event(payload, "classroom")
        if event["__typename"] == "HandsChanged":
            up = {hand["participantId"] for hand in event["hands"]}
            for who, is_up in [one for one in self._hands if (one[0] in up) == one[1]]:
                _done(self._hands.pop((who, is_up)))

    def signals(self, payload: msgspec.Raw) -> None:
        event = _event(payload, "signals")
        waits = self._signals.pop(event.get("payload", ""), None)
        if waits is not None:
            _done(waits)


def passing(payload: msgspec.Raw) -> None:
    """It is told, and read by nobody."""


def _done(waits: asyncio.Future[float]) -> None:
    if not waits.done():
        waits.set_result(asyncio.get_running_loop().time())


def _event(payload: msgspec.Raw, name: str) -> dict[str, Any]:
    """Raises KeyError for a refusal."""
    event: dict[str, Any] = msgspec.json.decode(payload)["data"][name]
    return event
