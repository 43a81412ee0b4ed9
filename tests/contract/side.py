"""One side as the contract tests see it: its sources, and what it was given to hold."""

from dataclasses import dataclass
from typing import TypeVar

from resolvers.ports import Sources
from services.contracts.errors import Refused
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, OTHER, TEACHER, viewer

T = TypeVar("T")
WAITS_S = 20.0


@dataclass(frozen=True, slots=True)
class Side:
    """`held` is a copy that no command changes; the old one cannot do all that others can."""

    sources: Sources
    tenant: str
    held: FakePlatform
    is_old: bool = False

    @property
    def learner(self) -> Caller:
        return self._asking(viewer(self.tenant, LEARNER))

    @property
    def other(self) -> Caller:
        return self._asking(viewer(self.tenant, OTHER))

    @property
    def teacher(self) -> Caller:
        return self._asking(viewer(self.tenant, TEACHER))

    def _asking(self, who: Viewer) -> Caller:
        return Caller(who, Deadline.within(SystemClock(), WAITS_S))


def given(found: T | Refused) -> T:
    """What was found; fails where it was refused."""
    assert not isinstance(found, Refused), found
    return found
