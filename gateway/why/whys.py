"""Remembers why the last requests of this process were answered as they were."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from flags.decide import Decisions
from gateway.cache.verdict import Verdict
from gateway.execution.operation import Operation
from gateway.transport.results import Run
from gateway.transport.stages import Stages
from gateway.why.files import WhyFiles
from gateway.why.why import Decided, Head, Why
from services.contracts.viewer import Viewer
from services.kit.account import Account
from services.kit.clock import Clock
from services.kit.log import Log

WRITTEN_EVERY_S = 0.3
MOST = 1_000
"""In so long; earlier ones are forgotten."""

log = Log("why")
Decide = Callable[[Viewer], Decisions]


class Noted(msgspec.Struct, frozen=True):
    """Nothing of the operation itself: a document kept is one more for each full collection."""

    head: Head
    account: Account
    decisions: Decisions | None

    def told(self) -> Why:
        head, account = msgspec.structs.asdict(self.head), self.account
        sides = _decided(self.decisions)
        return Why(**head, sides=sides, reads=[*account.reads], calls=[*account.calls])


def _head(run: Run, at: datetime, stages: Stages) -> Head:
    verdict = run.outcome.verdict
    return Head(
        request_id=run.request_id,
        at=at.isoformat(timespec="milliseconds"),
        operation=_named(run.operation),
        cost=run.operation.cost,
        stages=stages.header,
        cache=verdict.way.value if verdict else "not asked",
        freshness=_freshness(verdict),
    )


def _named(operation: Operation) -> str:
    name = operation.planned.node.name
    return f"{operation.kind.value} {name.value}" if name else operation.kind.value


def _freshness(verdict: Verdict | None) -> str:
    if verdict is None or verdict.age_s is None or verdict.ttl_s is None:
        return "made for this request"
    return f"made {verdict.age_s:.1f} s before, fresh for {verdict.ttl_s:.1f} s more"


def _decided(decisions: Decisions | None) -> list[Decided]:
    return [
        Decided(capability.name, said.side.value, said.rule, said.shadow)
        for capability, said in (decisions or {}).items()
    ]


class Whys:
    """Written to a file while `run()` runs, where all processes of the state folder find it.

    Nothing stays in memory: the collector would go through it.
    """

    def __init__(self, files: WhyFiles, clock: Clock, decide: Decide) -> None:
        self._files = files
        self._clock = clock
        self._decide = decide
        self._unwritten: deque[Noted] = deque(maxlen=MOST)

    def note(self, run: Run, account: Account, stages: Stages) -> None:
        viewer = run.badge.viewer
        decisions = None if viewer is None else self._decide(viewer)
        head = _head(run, self._clock.now(), stages)
        self._unwritten.append(Noted(head, account, decisions))

    def find(self, request_id: str) -> Why | None:
        """Of any process that runs from this state folder."""
        for one in self._unwritten:
            if one.head.request_id == request_id:
                return one.told()
        return self._files.find(request_id)

    async def run(self) -> None:
        self._files.begin()
        while True:
            await asyncio.sleep(WRITTEN_EVERY_S)
            if self._unwritten:
                noted, self._unwritten = self._unwritten, deque(maxlen=MOST)
                await asyncio.to_thread(self._write, noted)

    def _write(self, noted: Iterable[Noted]) -> None:
        try:
            self._files.add(one.told() for one in noted)
        except OSError as refused:
            log.warning("why.unwritable", why=str(refused))
