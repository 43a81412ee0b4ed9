"""Ways in which a process of the assessment service says that it serves, or does not."""

from services.assessment.duties import beating
from services.assessment.store import outages
from services.storage.db import Pool
from tests.faults.mortal import PROCESSES

PROCESSES.set_forkserver_preload(
    ["__main__", "tests.faults.mortal", "tests.faults.whole_service", __name__]
)
SILENT_S = 2.0


def quick() -> None:
    """A shorter silence than elsewhere is an outage."""
    outages.SILENT_S = SILENT_S


def mute() -> None:
    """It serves, and never says so."""

    async def beat(_: Pool) -> None:
        return

    setattr(beating, "_beat", beat)  # noqa: B010
