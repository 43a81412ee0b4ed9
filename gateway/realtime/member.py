"""One client's part in a group: how far it has been told, and how it is told."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from gateway.realtime.event import Event
from services.contracts.freshness import Seen
from services.contracts.viewer import Viewer

if TYPE_CHECKING:
    from gateway.realtime.group import Group

NOTHING: Seen = {}


class Member(ABC):
    """`told` is where it stands. As long as it `is_busy`, its client has not taken what it was told
    last: nothing is read for it meanwhile, and it `has_missed` news once there were some.
    """

    __slots__ = (
        "began_s",
        "group",
        "has_begun",
        "has_missed",
        "is_busy",
        "judged_at",
        "judged_notes",
        "judged_s",
        "seen",
        "told",
        "viewer",
    )

    def __init__(self, viewer: Viewer | None) -> None:
        self.viewer = viewer
        self.told: Hashable = None
        self.seen = NOTHING
        self.began_s = 0.0
        self.is_busy = False
        self.has_missed = False
        self.judged_s = float("-inf")
        self.judged_at = 0
        self.judged_notes = -1
        self.group: Group | None = None
        self.has_begun = False
        """Whether it was looked what there is to tell it."""

    def drained(self) -> None:
        """Its client has taken everything."""
        self.is_busy = False
        if self.group is not None and self.has_missed:
            self.has_missed = False
            self.group.owe(self)

    @abstractmethod
    def check(self) -> None:
        """Raises BadToken once whoever it is of is nobody any more."""

    @abstractmethod
    def take(self, events: Sequence[Event]) -> None:
        """At once; what there is no room for makes it busy."""

    @abstractmethod
    def end(self, last: Event | None) -> None:
        """Nothing comes behind it."""

    @abstractmethod
    def send_away(self) -> None:
        """Whoever it is of is nobody any more."""
