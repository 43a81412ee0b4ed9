"""How the relays of each region do, counted for all processes in Redis.

Whoever was sent to a region counts as its load at once, and not only when they report: a class of
thousands is placed within seconds, and would all be placed in the same one. (So Jitsi's bridges
are chosen, with the same 20 s.) What one region is told lies in one slot of a cluster.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.contracts.classroom import Quality
from services.kit.clock import Clock
from services.live_class.aside import Aside
from services.live_class.entrance.heard import class_of, standing_of
from services.live_class.entrance.load_scripts import HEARD, LOOK, SENT
from services.live_class.entrance.placement import Standing

RAMP_S, RELAYING_S = 20, 30
"""So long one counts who was sent there, and who last reported that they are relayed."""
KEPT_S = 0.25
SPARSE_S = 5
"""Of one person one report in so long counts towards what is heard of a region."""


class Loads:
    """No method raises. Without Redis there is what this process itself has sent."""

    def __init__(self, regions: Iterable[str], aside: Aside, clock: Clock) -> None:
        self._regions = tuple(regions)
        self._aside = aside
        self._clock = clock
        self._known: Mapping[str, Standing] = {}
        self._since: Counter[str] = Counter()
        self._until_s = -1.0

    async def now(self) -> dict[str, Standing]:
        """What is known since KEPT_S at most, and whom this process has sent since."""
        if self._clock.monotonic_s() >= self._until_s:
            await self._look()
        return {name: self._counted(name) for name in self._regions}

    async def sent(self, region: str, who: str) -> None:
        self._since[region] += 1
        if not self._aside.rests:
            sent, _, _ = _keys(region)
            await self._aside.ask(SENT.run(self._aside.redis, [sent], who, RAMP_S))

    async def gone(self, region: str, who: str) -> None:
        """Whoever left takes nothing any more."""
        if not self._aside.rests:
            sent, relayed, _ = _keys(region)
            await self._aside.ask(_both_forget(self._aside, sent, relayed, who))

    async def heard(self, region: str, who: str, quality: Quality) -> None:
        if self._aside.rests or region not in self._regions:
            return
        keys = [*_keys(region), f"turn:{{{region}}}:lately:{who}"]
        loss = round(min(max(quality.loss_percent, 0.0), 100.0) * 100)
        told = (int(quality.relayed), RELAYING_S, SPARSE_S, class_of(quality.rtt_ms), loss)
        await self._aside.ask(HEARD.run(self._aside.redis, keys, who, *told))

    async def _look(self) -> None:
        self._until_s = self._clock.monotonic_s() + KEPT_S
        looked = None
        if not self._aside.rests:
            looked = await self._aside.ask(self._look_at_all())
        if looked is None:
            # Nobody else counts them: they are expected for as long as Redis would.
            self._until_s = self._clock.monotonic_s() + RAMP_S
            self._known = {name: Standing(self._since[name]) for name in self._regions}
        else:
            self._known = dict(zip(self._regions, looked, strict=True))
        self._since.clear()

    async def _look_at_all(self) -> Sequence[Standing]:
        looks = [
            LOOK.run(self._aside.redis, list(_keys(name)), RAMP_S, RELAYING_S)
            for name in self._regions
        ]
        return [standing_of(*told) for told in await asyncio.gather(*looks)]

    def _counted(self, region: str) -> Standing:
        known, more = self._known.get(region, Standing()), self._since[region]
        return Standing(known.load + more, known.rtt_ms, known.loss_percent, known.reports)


async def _both_forget(aside: Aside, sent: str, relayed: str, who: str) -> Any:
    await aside.redis.zrem(sent, who)
    return await aside.redis.zrem(relayed, who)


def _keys(region: str) -> tuple[str, str, str]:
    return tuple(f"turn:{{{region}}}:{kind}" for kind in ("sent", "relayed", "heard"))  # type: ignore[return-value]
