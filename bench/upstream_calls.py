"""The upstream calls of a page as the gateway made them, to be made once more without it."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec

from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply, Transport

WAITS_S = 30.0


class Made(msgspec.Struct, frozen=True):
    """One call, and when, on the gateway's monotonic clock."""

    upstream: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    began_s: float
    ended_s: float

    @property
    def call(self) -> Call:
        return Call(self.upstream, self.method, self.url, self.headers, self.body)


class Recording:
    """A transport that keeps what goes through it."""

    def __init__(self, through: Transport, kept: list[Made]) -> None:
        self._through = through
        self._kept = kept
        self._clock = SystemClock()

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        began_s = self._clock.monotonic_s()
        try:
            return await self._through.send(call, deadline)
        finally:
            ended_s = self._clock.monotonic_s()
            made = (call.upstream, call.method, call.url, call.headers, call.body)
            self._kept.append(Made(*made, began_s, ended_s))

    async def close(self) -> None:
        await self._through.close()  # type: ignore[attr-defined]


def stages(made: Sequence[Made]) -> list[list[Call]]:
    """The calls in groups made at once: each began after one of the group before had ended."""
    numbered: list[tuple[int, Made]] = []
    for one in sorted(made, key=lambda call: call.began_s):
        before = [number for number, other in numbered if other.ended_s <= one.began_s]
        numbered.append((max(before, default=-1) + 1, one))
    ordered = sorted(numbered, key=lambda pair: pair[0])
    groups = groupby(ordered, key=lambda pair: pair[0])
    return [[one.call for _, one in group] for _, group in groups]


async def make(stages: Sequence[Sequence[Call]], transports: Mapping[bool, Transport]) -> None:
    """Stage after stage, those for our own services signed. Raises RuntimeError for any but 200."""
    for calls in stages:
        await asyncio.gather(*(_make(call, transports) for call in calls))


async def _make(call: Call, transports: Mapping[bool, Transport]) -> None:
    deadline = Deadline.within(SystemClock(), WAITS_S)
    reply = await transports[call.upstream != "legacy"].send(call, deadline)
    if reply.status != 200:
        raise RuntimeError(f"{call.upstream} answered {call.url} with status {reply.status}.")
