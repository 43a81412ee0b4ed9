"""U1: a monolith that accepts and says nothing costs its own fields, in time, and nothing else."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
import pytest

from legacy.monolith import seed
from legacy.monolith.settings import with_database
from tests import pair
from tests.faults.registry import n
from tests.faults.surge import in_turns, surge
from tests.figures import Recorder
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.waiting import until
from tests.learner import Someone, codes, token
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE

NEEDS_IT = "{ viewer { id name courses { edges { node { title progress { ratio } } } } } }"
NEEDS_IT_NOT = "{ viewer { id roles } }"
BUDGET_S = 1.4
NOISE_S = 1.0
"""What a busy machine may add to a budget that was kept."""
HEALS_S = 10.0
"""It is asked again in so many seconds, as in U9."""
TOGETHER, BESIDE, EVERY_S = 200, 50, 1.0
"""So many learners who need it ask at once with so many who do not, each second of its silence."""

OPEN = {"concurrency": "0", "viewer_rate": "0"}
"""Whoever comes is let in: of so many at once some are refused, whether it hangs or not."""
SPARED = {"UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"}
"""The first wait for it in vain, and then it is left alone for a moment."""

Timed = tuple[float, list[str]]


@pytest.fixture(scope="module")
def monolith(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pair.Server]:
    home = tmp_path_factory.mktemp("u1")
    with pair.monolith(home, with_database(stack.database, MONOLITH_DATABASE)) as server:
        yield server


@dataclass
class Told:
    """How long each waited, and the codes of what went wrong."""

    needing: list[Timed] = field(default_factory=list)
    others: list[Timed] = field(default_factory=list)

    async def ask(self, learners: Sequence[Someone]) -> None:
        """Each asks once."""
        needing = [timed(one, NEEDS_IT) for one in learners[:TOGETHER]]
        others = [timed(one, NEEDS_IT_NOT) for one in learners[TOGETHER:]]
        answers = await asyncio.gather(*needing, *others)
        self.needing += answers[:TOGETHER]
        self.others += answers[TOGETHER:]


async def timed(someone: Someone, query: str) -> Timed:
    began = time.monotonic()
    answer = await someone.answer(query)
    return time.monotonic() - began, codes(answer)


async def told_by_the_clock(learners: Sequence[Someone], times: int) -> Told:
    """Nobody waits for what became of those before."""
    told = Told()
    async with asyncio.TaskGroup() as work:
        for _ in range(times):
            work.create_task(told.ask(learners))
            await asyncio.sleep(EVERY_S)
    return told


async def enrolled(school: School, gateway: pair.Server, home: Path) -> list[Someone]:
    users = range(100, 100 + TOGETHER + BESIDE)
    for user in users:
        await seed.person(school.db, school.tenant, user)
        await seed.enrol(school.db, school.tenant, school.course, user)
    return [Someone(gateway.url, token(home, school.tenant, user)) for user in users]


async def is_answered(someone: Someone) -> bool:
    return not (await timed(someone, NEEDS_IT))[1]


async def test_u1_a_hung_monolith_costs_its_fields_and_no_more_than_the_budget(
    monolith: pair.Server, school: School, tmp_path: Path, figure: Recorder
) -> None:
    with pair.gateway(tmp_path, monolith.url, **OPEN) as gateway:
        learners = await enrolled(school, gateway, tmp_path)
        anna = learners[0]
        process = psutil.Process(gateway.process.pid)
        await asyncio.gather(*[timed(anna, NEEDS_IT) for _ in range(20)])
        threads, rss = process.num_threads(), process.memory_info().rss

        with monolith.hung():
            told = await told_by_the_clock(learners, n("U1") // TOGETHER)
        slowest_s = max(took for took, _ in told.needing + told.others)
        unharmed = sum(not errors for _, errors in told.others)
        said = {code for _, errors in told.needing for code in errors}
        await until(lambda: is_answered(anna), HEALS_S)
        more_threads = process.num_threads() - threads
        grown_mb = (process.memory_info().rss - rss) / 1e6
        await asyncio.gather(*[one.close() for one in learners])

    figure(
        "U1",
        asked=len(told.needing),
        slowest_s=round(slowest_s, 2),
        others=len(told.others),
        others_unharmed=unharmed,
        grown_mb=round(grown_mb),
    )
    assert len(told.needing) == n("U1")
    assert "UPSTREAM_TIMEOUT" in said
    assert said <= SPARED
    assert unharmed == len(told.others)
    assert slowest_s < BUDGET_S + NOISE_S
    assert more_threads <= 0
    assert grown_mb < 50


async def test_u1_one_who_asks_for_it_again_and_again_at_once_harms_nobody(
    monolith: pair.Server, school: School, tmp_path: Path, figure: Recorder
) -> None:
    told = Told()
    with pair.gateway(tmp_path, monolith.url) as gateway:
        anna = Someone(gateway.url, token(tmp_path, school.tenant, LEARNER))
        await asyncio.gather(*[timed(anna, NEEDS_IT) for _ in range(20)])
        with monolith.hung():
            await told.ask([anna] * (TOGETHER + BESIDE))
        await until(lambda: is_answered(anna), HEALS_S)
        await anna.close()

    unharmed = sum(not errors for _, errors in told.others)
    figure("U1", unharmed_beside_200_at_once=unharmed)
    assert {code for _, errors in told.needing for code in errors} <= SPARED
    assert unharmed == BESIDE


async def test_u1_nobody_is_refused_because_it_hangs(
    monolith: pair.Server, school: School, tmp_path: Path, figure: Recorder
) -> None:
    with pair.gateway(tmp_path, monolith.url) as gateway:
        learners = await enrolled(school, gateway, tmp_path)
        needing = in_turns([partial(one.answer, NEEDS_IT) for one in learners[:TOGETHER]])
        others = in_turns([partial(one.answer, NEEDS_IT_NOT) for one in learners[TOGETHER:]])
        rates = {"needing": (TOGETHER / EVERY_S, needing), "others": (BESIDE / EVERY_S, others)}

        with monolith.hung():
            told = await surge(rates, n("U1") // TOGETHER * EVERY_S)
        await asyncio.gather(*[one.close() for one in learners])

    beside = told["others"]
    figure("U1", others_one_by_one=beside.sent, others_not_answered=beside.sent - beside.answered)
    assert beside.answered == beside.sent, told
    assert not told["needing"].refused
    assert set(told["needing"].failed) <= SPARED


async def test_u1_fails_without_the_deadline(
    monolith: pair.Server, school: School, tmp_path: Path, figure: Recorder
) -> None:
    long = {"request_budget_ms": "60000", "upstream_budget_ms": "60000"}
    with pair.gateway(tmp_path, monolith.url, **long) as gateway:
        anna = Someone(gateway.url, token(tmp_path, school.tenant, LEARNER))

        with monolith.hung(), pytest.raises(TimeoutError):
            async with asyncio.timeout(BUDGET_S + NOISE_S):
                await anna.answer(NEEDS_IT)
        await anna.close()

    figure("U1", answered_in_time_without_a_deadline=0)
