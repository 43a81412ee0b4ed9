"""Many who do one thing each at almost the same time, and wait until it is done."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bench.candidate import Candidate
from bench.way_in import Done, NotDone
from bench.writers import percentile_ms

Does = Callable[[Candidate], Awaitable[Done]]


@dataclass(slots=True)
class Crowd:
    """`took` has the seconds from each one's moment until it was done, by user."""

    began_s: float
    took: dict[int, float] = field(default_factory=dict)
    again: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def all_s(self) -> float:
        """From the first one's moment until the last one's was done."""
        return self.ended_s - self.began_s

    ended_s: float = 0.0

    def ms(self, percent: int) -> float:
        return percentile_ms(list(self.took.values()), percent)


async def at_once(
    candidates: Sequence[Candidate], begins_s: float, within_s: float, does: Does
) -> Crowd:
    """Their moments lie evenly in `within_s` behind `begins_s`, whatever became of the others."""
    now_s = asyncio.get_running_loop().time
    crowd = Crowd(begins_s)

    async def press(candidate: Candidate, moment_s: float) -> None:
        await asyncio.sleep(moment_s - now_s())
        try:
            done = await does(candidate)
        except NotDone as refused:
            crowd.refused[refused.code] += 1
            return
        crowd.ended_s = now_s()
        crowd.took[candidate.user] = crowd.ended_s - moment_s
        crowd.again += done.again

    step_s = within_s / len(candidates)
    moments = (begins_s + place * step_s for place in range(len(candidates)))
    await asyncio.gather(*map(press, candidates, moments))
    return crowd
