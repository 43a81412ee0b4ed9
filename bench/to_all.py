"""What everybody who is connected is told: one event, however many hear it."""

import time
from functools import partial
from typing import Protocol

import msgspec

from bench.system import System
from flags.document import Document, Feature
from flags.file import FlagFile
from flags.names import LIVE_CLASS_SCHEDULE
from flags.rollout import Rollout, default_rollout, feature_of, rollout_of

MOVED = LIVE_CLASS_SCHEDULE
"""Its share is what the events tell: what it answers is the same on either side."""


class ToAll(Protocol):
    """A subscription, and events of it that are numbered from 1 on."""

    query: str
    variables: dict[str, str]
    least_s: float
    """What lies between two events at least, so that each is told by itself."""

    def number_in(self, payload: msgspec.Raw) -> int:
        """That of the newest event which the payload tells of; 0 for none, -1 for an error."""

    def tell(self, running: System, number: int) -> float:
        """When it was committed, on the monotonic clock."""


class _Capability(msgspec.Struct):
    name: str
    servicePercent: float  # noqa: N815 -- as it is spelled there


class _Status(msgspec.Struct):
    capabilities: list[_Capability]


class _Data(msgspec.Struct):
    platformStatusUpdated: _Status  # noqa: N815


class _Payload(msgspec.Struct):
    data: _Data | None = None


class StatusToAll:
    """How the platform's move stands, which gateways look for once a second."""

    query = "subscription { platformStatusUpdated { capabilities { name servicePercent } } }"
    least_s = 1.5

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}
        self._decode = msgspec.json.Decoder(_Payload).decode

    def number_in(self, payload: msgspec.Raw) -> int:
        data = self._decode(payload).data
        if data is None:
            return -1
        told = data.platformStatusUpdated.capabilities
        return next(round(one.servicePercent) for one in told if one.name == MOVED.name)

    def tell(self, running: System, number: int) -> float:
        FlagFile(running.home).change(partial(_moved, number))
        return time.monotonic()


def _moved(percent: int, document: Document) -> list[Feature]:
    feature = document.feature(MOVED.name)
    now = (rollout_of(MOVED, feature) if feature else None) or default_rollout(MOVED)
    return [feature_of(MOVED, Rollout(percent, now.tenants))]
