"""Whether those who listen still may: judged anew where something was heard of them since."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol, TypeAlias

from gateway.execution.compiled.at_once import at_once
from gateway.realtime.member import Member
from services.contracts.changes import enrolments_tag, person_tag
from services.contracts.errors import Refused
from services.contracts.viewer import Viewer
from services.kit.clock import Clock

LASTS_S = 600.0
"""A verdict holds no longer, of whom nothing was heard; without hearing, not at all. So long the
enrolments it stands on may be kept, too, where their source fails.
"""
STEPS = 64
"""Those who were judged together are not judged together again."""
AT_ONCE = 32

Judge: TypeAlias = Callable[[Viewer | None], Awaitable[Refused | None]]


class Hears(Protocol):
    """The log of changes, as this process has heard it."""

    notes: int
    """How often anything was said to be changed."""

    @property
    def heeded(self) -> int: ...

    @property
    def is_deaf(self) -> bool: ...

    def is_current(self, as_of: int, tags: Iterable[str]) -> bool: ...


class Rights:
    """Of members of one group, for which they are judged by what it is of."""

    def __init__(self, heard: Hears | None, clock: Clock) -> None:
        self._heard = heard
        self._clock = clock

    async def refusals(
        self, members: Sequence[Member], judge: Judge
    ) -> dict[Viewer | None, Refused]:
        """Of those who may not, or of whom it cannot be known."""
        doubtful = self._doubtful(members)
        viewers = list(dict.fromkeys(one.viewer for one in doubtful))
        heeded, now_s = self._heard.heeded if self._heard else 0, self._clock.monotonic_s()
        found: dict[Viewer | None, Refused] = {}
        for at in range(0, len(viewers), AT_ONCE):
            some = viewers[at : at + AT_ONCE]
            verdicts = await _all(judge, some)
            found |= {who: no for who, no in zip(some, verdicts, strict=True) if no is not None}
        for nth, one in enumerate(doubtful):
            if one.viewer not in found:
                one.judged_s, one.judged_at = now_s - _early_s(nth), heeded
        return found

    def _doubtful(self, members: Sequence[Member]) -> list[Member]:
        heard = self._heard
        if heard is None or heard.is_deaf:
            return list(members)
        since_s, notes = self._clock.monotonic_s() - LASTS_S, heard.notes
        return [
            one
            for one in members
            if one.judged_s <= since_s
            or (one.judged_notes != notes and not _is_current(heard, one))
        ]


def _early_s(nth: int) -> float:
    """By how much the verdict of the nth of many ends before its time, up to half of it."""
    return LASTS_S / 2 * (nth % STEPS) / STEPS


def _is_current(heard: Hears, member: Member) -> bool:
    """Whoever nothing was heard of by now is looked for again once there is more to hear."""
    viewer = member.viewer
    if viewer is not None:
        own = enrolments_tag(viewer.tenant, viewer.user), person_tag(viewer.tenant, viewer.user)
        if not heard.is_current(member.judged_at, own):
            return False
    member.judged_notes = heard.notes
    return True


async def _all(judge: Judge, viewers: Sequence[Viewer | None]) -> list[Refused | None]:
    if len(viewers) == 1:
        return [await judge(viewers[0])]
    found: dict[int, Refused | None] = {}

    async def one(at: int, viewer: Viewer | None) -> None:
        found[at] = await judge(viewer)

    await at_once([one(at, viewer) for at, viewer in enumerate(viewers)])
    return [found[at] for at in range(len(viewers))]
