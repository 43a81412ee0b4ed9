"""U1: a monolith that accepts and says nothing costs its own fields, in time, and nothing else."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from legacy.monolith.settings import with_database
from tests import pair
from tests.faults.registry import n
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


@pytest.fixture(scope="module")
def monolith(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pair.Server]:
    home = tmp_path_factory.mktemp("u1")
    with pair.monolith(home, with_database(stack.database, MONOLITH_DATABASE)) as server:
        yield server


async def timed(someone: Someone, query: str) -> tuple[float, list[str]]:
    began = time.monotonic()
    answer = await someone.answer(query)
    return time.monotonic() - began, codes(answer)


async def is_answered(someone: Someone) -> bool:
    return not (await timed(someone, NEEDS_IT))[1]


async def test_u1_a_hung_monolith_costs_its_fields_and_no_more_than_the_budget(
    monolith: pair.Server, school: School, tmp_path: Path, figure: Recorder
) -> None:
    with pair.gateway(tmp_path, monolith.url) as gateway:
        anna = Someone(gateway.url, token(tmp_path, school.tenant, LEARNER))
        process = psutil.Process(gateway.process.pid)
        await asyncio.gather(*[timed(anna, NEEDS_IT) for _ in range(20)])
        threads, rss = process.num_threads(), process.memory_info().rss

        with monolith.hung():
            needing = [timed(anna, NEEDS_IT) for _ in range(n("U1"))]
            others = [timed(anna, NEEDS_IT_NOT) for _ in range(50)]
            answers = await asyncio.gather(*needing, *others)
        slowest_s = max(took for took, _ in answers)
        unharmed = sum(not errors for _, errors in answers[n("U1") :])
        said = {code for _, errors in answers[: n("U1")] for code in errors}
        await until(lambda: is_answered(anna), HEALS_S)
        more_threads = process.num_threads() - threads
        grown_mb = (process.memory_info().rss - rss) / 1e6
        await anna.close()

    figure("U1", slowest_s=round(slowest_s, 2), unharmed_of_50=unharmed, grown_mb=round(grown_mb))
    # The first wait for it in vain, and then it is left alone for a moment.
    assert "UPSTREAM_TIMEOUT" in said
    assert said <= {"UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"}
    assert unharmed == 50
    assert slowest_s < BUDGET_S + NOISE_S
    assert more_threads <= 0
    assert grown_mb < 50


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
