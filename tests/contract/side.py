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
from tests.fakes.tenant import LEARNER, TEACHER, viewer

T = TypeVar("T")
WAITS_S = 20.0


@dataclass(frozen=True, slots=True)
class Side:
    """`held` is a copy that no command changes."""

    sources: Sources
    tenant: str
    held: FakePlatform

    @property
    def learner(self) -> Caller:
        return self._asking(viewer(self.tenant, LEARNER))

    @property
    def teacher(self) -> Caller:
        return self._asking(viewer(self.tenant, TEACHER))

    def _asking(self, who: Viewer) -> Caller:
        return Caller(who, Deadline.within(SystemClock(), WAITS_S))


def given(found: T | Refused) -> T:
    """What was found; fails where it was refused."""
    assert not isinstance(found, Refused), found
    return found
