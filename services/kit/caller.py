"""On whose behalf a source is asked, and how long they wait."""

from dataclasses import dataclass

from services.contracts.viewer import Viewer
from services.kit.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Caller:
    viewer: Viewer
    deadline: Deadline
