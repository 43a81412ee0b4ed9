"""What is said to a live class: its mutations, and their inputs."""

from collections.abc import Sequence
from typing import Any

import strawberry

from resolvers.guards import Guard
from schema.acting import command
from schema.answering import Does
from schema.strangled import LIVE_CLASS_CONTROL
from services.contracts.classroom import SignalKind


@strawberry.input
class JoinLiveClassInput:
    class_id: strawberry.ID
    region: str | None = strawberry.field(
        default=strawberry.UNSET, description="Where the client is, such as `eu-west`, if it knows."
    )
    key: strawberry.ID


@strawberry.input
class ClassActionInput:
    class_id: strawberry.ID
    key: strawberry.ID


@strawberry.input(description="`count` rooms, with all who learn there spread over them.")
class OpenBreakoutsInput:
    class_id: strawberry.ID
    count: int
    minutes: int
    key: strawberry.ID


@strawberry.input
class MoveToBreakoutInput:
    class_id: strawberry.ID
    participant_id: strawberry.ID
    breakout_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Null: back to the class."
    )
    key: strawberry.ID


@strawberry.input
class SendSignalInput:
    class_id: strawberry.ID
    to: strawberry.ID = strawberry.field(description="The participant that it is for.")
    kind: SignalKind
    payload: str
    key: strawberry.ID


@strawberry.input(description="What a client measured of its media.")
class ReportQualityInput:
    class_id: strawberry.ID
    rtt_ms: int
    loss_percent: float
    jitter_ms: int
    downlink_kbps: int | None = strawberry.UNSET
    relayed: bool
    region: str


def doing(does: Does, takes: type, guards: Sequence[Guard], *, is_error: bool = False) -> Any:
    """A mutation of the class that its input names."""
    moves = LIVE_CLASS_CONTROL
    return command(does, takes, by="class_id", guards=guards, is_error=is_error, moves=moves)
