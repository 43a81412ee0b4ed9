"""How far the old side is, as its feeder tells: the monolith itself does not know."""

from collections.abc import Sequence
from dataclasses import replace

from services.contracts.completions import Way, streams_of
from services.contracts.errors import UpstreamError
from services.contracts.freshness import missing
from services.contracts.versions_api import VERSIONS, Streams
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.patience import newest

READ_S = 0.25
"""What a page waits for to be told: it is a page without that, too."""
SILENT_S = 1.0
"""How long no page asks a feeder that did not answer."""


class Versions:
    def __init__(self, feeder: ServiceClient, clock: Clock) -> None:
        self._feeder = feeder
        self._clock = clock
        self._silent_until_s = 0.0

    async def now(self, caller: Caller, ways: Sequence[Way]) -> dict[str, int] | None:
        """Whatever is read from now on knows as much; None while the feeder does not answer."""
        if not ways or self._clock.monotonic_s() < self._silent_until_s:
            return None
        hurried = replace(caller, deadline=caller.deadline.carve(READ_S))
        return await self.after_write(hurried, ways)

    async def after_write(self, caller: Caller, ways: Sequence[Way]) -> dict[str, int] | None:
        """As `now`, for one who has to know, and so waits as long as they wait for a page."""
        try:
            return await self._feeder.ask(caller, VERSIONS, Streams(streams_of(ways)))
        except UpstreamError as failed:
            self._silent_until_s = self._clock.monotonic_s() + SILENT_S
            self._feeder.told(failed)
            return None

    async def awaited(self, caller: Caller, ways: Sequence[Way]) -> dict[str, int] | None:
        """As `now`; waits a moment for what the caller has seen elsewhere."""
        wanted = {one: caller.seen[one] for one in streams_of(ways) if one in caller.seen}

        def is_old(found: dict[str, int] | None) -> bool:
            return found is not None and bool(missing(wanted, found))

        return await newest(lambda: self.now(caller, ways), is_old)
