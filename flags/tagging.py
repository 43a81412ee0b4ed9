"""Tells an Unleash server what is rolled back: a tag at its feature, for whoever looks there."""

import asyncio
from contextlib import closing

from flags.admin import NotChanged, admin_of
from flags.rollback import Phase, State
from services.kit.log import Log
from services.kit.once import flight
from services.kit.settings import Settings

ROLLED_BACK = "rolled-back"

log = Log("flags")


class Tagging:
    """Nobody waits for it, and its flag stays as people have set it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, capability: str, state: State) -> None:
        task = flight(self._tell(capability, state.phase is not Phase.OPEN), "flags.tagging")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """What is under way is told; the server has its own deadline."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _tell(self, capability: str, is_held: bool) -> None:
        try:
            await asyncio.to_thread(self._tag, capability, is_held)
        except NotChanged as refused:
            log.warning("flags.not_tagged", capability=capability, why=str(refused))

    def _tag(self, capability: str, is_held: bool) -> None:
        with closing(admin_of(self._settings)) as admin:
            (admin.tag if is_held else admin.untag)(capability, ROLLED_BACK)
