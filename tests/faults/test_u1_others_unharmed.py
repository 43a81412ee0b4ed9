"""U1: while the monolith hangs, whoever does not need it costs the same calls and the same CPU."""

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from flags.document import Document, Feature
from flags.file import FlagFile
from flags.names import COURSE_READ
from flags.rollout import default_rollout, feature_of
from gateway.upstream.guard import HEDGES
from gateway.upstream.terms import Terms
from tests import pair
from tests.faults.receiving import BUDGET_S, Receiving, guarded, receiving
from tests.faults.registry import n
from tests.figures import Recorder
from tests.learner import Someone, token
from tests.receiver import Way

NAME = "{ viewer { name } }"
HOLDING = 60
"""Queries that wait for the monolith meanwhile."""
PAIRS = 3
MOST_TIMES_CPU = 1.5
SETTINGS = {"cache_mb": "0", "concurrency": "0", "viewer_rate": "0", "log_level": "error"}
OPEN_TO_ALL = Terms(at_once=10**6, waiting=0, fair_s=0.5)
CONNECTIONS = 64


@dataclass
class Town:
    """Of tenant `old` the monolith is asked, of `new` the progress service."""

    gateway: pair.Server
    monolith: Receiving
    progress: Receiving
    old: Someone
    new: Someone

    def cpu_ms(self) -> float:
        """Of the thread that the loop runs in."""
        pid = self.gateway.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e6

    async def cost(self) -> tuple[float, int]:
        """Of as many queries that do not need it, one after another: CPU, and calls they make."""
        before = self.cpu_ms()
        for _ in range(n("U1") // 2):
            await self.new.ask(NAME)
        cpu_ms = self.cpu_ms() - before
        return cpu_ms, len(await self.progress.heard())

    async def cost_while_it_hangs(self) -> tuple[float, int]:
        await self.monolith.be(Way.HANG)
        waiting = [asyncio.ensure_future(self.old.answer(NAME)) for _ in range(HOLDING)]
        await asyncio.sleep(0.2)
        cost = await self.cost()
        await asyncio.gather(*waiting)
        await self.monolith.be(Way.ANSWER)
        return cost


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("u1")
    FlagFile(home).change(to_the_service)
    with ExitStack() as stack:
        monolith, progress = [stack.enter_context(receiving(home)) for _ in range(2)]
        made = {**SETTINGS, "progress_url": progress.url, "request_budget_ms": "2500"}
        made["upstream_budget_ms"] = "2000"
        gateway = stack.enter_context(pair.gateway(home, monolith.url, **made))
        people = [Someone(gateway.url, token(home, tenant, 2001)) for tenant in ("old", "new")]
        yield Town(gateway, monolith, progress, *people)


def to_the_service(document: Document) -> list[Feature]:
    return [feature_of(COURSE_READ, default_rollout(COURSE_READ).with_tenant("new", 100))]


async def test_u1_queries_that_do_not_need_it_cost_the_same(town: Town, figure: Recorder) -> None:
    await asyncio.gather(town.old.ask(NAME), town.cost())

    costs = [(await town.cost(), await town.cost_while_it_hangs()) for _ in range(PAIRS)]

    times = statistics.median(hung / quiet for (quiet, _), (hung, _) in costs)
    calls = {calls / (n("U1") // 2) for pair_ in costs for _, calls in pair_}
    figure("U1", others_cpu_to_quiet=round(times, 2), others_calls_a_query=max(calls))
    assert min(calls) == 1.0
    assert max(calls) <= 1.0 + HEDGES
    assert times <= MOST_TIMES_CPU
    for one in (town.old, town.new):
        await one.close()


async def others_answered(town: Town, terms: Terms) -> int:
    """Of 20, while another upstream hangs under many calls, with one pool for both."""
    await town.monolith.be(Way.HANG)
    async with guarded(town.progress.url, terms=terms, connections=CONNECTIONS) as one:
        hung = f"{town.monolith.url}/x"
        holding = [asyncio.ensure_future(one.ask("assessment", hung)) for _ in range(200)]
        await asyncio.sleep(0.1)
        # They are not to wait until those that hang have given up.
        others = (one.ask("progress", within_s=BUDGET_S / 2) for _ in range(20))
        answered = await asyncio.gather(*others)
        await asyncio.gather(*holding)
    await town.monolith.be(Way.ANSWER)
    return sum(answered)


async def test_u1_a_hung_upstream_takes_no_connection_of_others(
    town: Town, figure: Recorder
) -> None:
    answered = await others_answered(town, Terms(CONNECTIONS // 2, 1_000, 0.5))

    figure("U1", others_answered_of_20=answered)
    assert answered == 20


async def test_u1_fails_without_the_bulkhead(town: Town, figure: Recorder) -> None:
    answered = await others_answered(town, OPEN_TO_ALL)

    figure("U1", others_answered_of_20_without_bulkheads=answered)
    assert answered < 20
