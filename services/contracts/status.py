"""Words for how the move from the monolith to the services stands; told to everybody."""

from datetime import datetime
from enum import StrEnum

import msgspec


class RouteMode(StrEnum):
    """Who answers; in SHADOW the monolith does, and the service is compared with it unseen."""

    LEGACY = "LEGACY"
    SHADOW = "SHADOW"
    CANARY = "CANARY"
    SERVICE = "SERVICE"
    ROLLED_BACK = "ROLLED_BACK"


class CapabilityStatus(msgspec.Struct, frozen=True):
    """Ratios from 0 to 1: of the service's calls lately, and of what was compared.

    `service_percent` is None where rules decide of which no percentage is known.
    """

    name: str
    what: str
    owner: str
    mode: RouteMode
    service_percent: float | None
    error_ratio: float
    mismatch_ratio: float
    compared: int
    rolled_back_at: datetime | None
    reason: str | None


class Incident(msgspec.Struct, frozen=True):
    """A capability was rolled back; `ended_at` is when all of it was back."""

    id: str
    capability: str
    started_at: datetime
    ended_at: datetime | None
    summary: str


class Drill(msgspec.Struct, frozen=True):
    """A rollback that was rehearsed."""

    capability: str
    at: datetime
    passed: bool
    summary: str


class PlatformStatus(msgspec.Struct, frozen=True):
    """`outbox_age_s`: how long the oldest event of a service has been waiting to be told."""

    capabilities: list[CapabilityStatus]
    incidents: list[Incident]
    checked_at: datetime
    outbox_age_s: float | None = None
    last_drill: Drill | None = None
