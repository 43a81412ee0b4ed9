"""U11: a tenant that asks tenfold and a viewer with a thousand queries take nothing of others'."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from legacy.monolith.database import Connection
from tests import pair
from tests.faults.hog import hog
from tests.faults.registry import n
from tests.faults.surge import CAPACITY, CUT, PATIENT, Told, in_turns, small_monolith, surge
from tests.figures import Recorder
from tests.integration.monolith.school import LEARNER, OTHER_LEARNER, School
from tests.integration.monolith.school import school as make_school
from tests.learner import Someone, token
from tests.stack import Stack
from tests.system import NUMBERS

NAME = "{ viewer { name } }"
TIMES = 10
CALM_PER_S = CAPACITY / TIMES
"""Of a tenant; the loud one asks for all that the monolith bears."""
WARM_S, LASTS_S = 4.0, 8.0


@pytest.fixture(scope="module")
def monolith(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pair.Server]:
    yield from small_monolith(tmp_path_factory.mktemp("u11"), stack)


@pytest.fixture
async def schools(monolith_db: Connection) -> Sequence[School]:
    """The loud one, and two that are calm."""
    return [await make_school(monolith_db, f"campus-{next(NUMBERS)}") for _ in range(3)]


@dataclass
class Town:
    gateway: pair.Server
    home: Path
    schools: Sequence[School]

    async def outcome(self) -> dict[str, Told]:
        people = {one.tenant: self._learners(one) for one in self.schools}
        loud, *calm = people.values()
        asks = in_turns([partial(one.answer, NAME) for learners in calm for one in learners])
        herd = in_turns([partial(one.answer, NAME) for one in loud])
        quiet = await surge({"quiet": (2 * CALM_PER_S, asks), "loud": (CALM_PER_S, herd)}, WARM_S)
        both = {"calm": (2 * CALM_PER_S, asks), "loud": (TIMES * CALM_PER_S, herd)}
        bearer = token(self.home, self.schools[0].tenant, LEARNER)
        all_of_one = hog(self.gateway.url, bearer, NAME, n("U11"))
        told, of_hog = await asyncio.gather(surge(both, LASTS_S), all_of_one)
        for one in [one for learners in people.values() for one in learners]:
            await one.close()
        return quiet | told | {"hog": of_hog}

    def _learners(self, school: School) -> list[Someone]:
        return [
            Someone(self.gateway.url, token(self.home, school.tenant, user))
            for user in (LEARNER, OTHER_LEARNER)
        ]


async def told_with(
    monolith: pair.Server, schools: Sequence[School], home: Path, **settings: str
) -> dict[str, Told]:
    with pair.gateway(home, monolith.url, **PATIENT, **settings) as gateway:
        return await Town(gateway, home, schools).outcome()


async def test_u11_others_get_their_share(
    monolith: pair.Server, schools: Sequence[School], tmp_path: Path, figure: Recorder
) -> None:
    told = await told_with(monolith, schools, tmp_path)

    calm, loud, of_hog = told["calm"], told["loud"], told["hog"]
    figure(
        "U11",
        others_sent=calm.sent,
        others_not_answered=calm.sent - calm.answered,
        loud_percent=loud.percent,
        hog_sent=of_hog.sent,
        hog_percent=of_hog.percent,
        times_quiet=median(calm.took_s) / median(told["quiet"].took_s),
    )
    assert calm.answered == calm.sent, told
    assert of_hog.refused.total() > of_hog.answered
    assert not any(one.failed[CUT] for one in told.values()), told


async def test_u11_fails_without_admission(
    monolith: pair.Server, schools: Sequence[School], tmp_path: Path, figure: Recorder
) -> None:
    told = await told_with(monolith, schools, tmp_path, concurrency="0", viewer_rate="0")

    calm = told["calm"]
    figure("U11", others_not_answered_without_admission=calm.sent - calm.answered)
    assert calm.failed.total() > calm.sent / 4, told
