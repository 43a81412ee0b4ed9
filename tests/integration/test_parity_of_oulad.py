"""Parity: what both sides say of the same learners, field by field, through GraphQL."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from legacy.monolith.database import Connection
from tests import figures
from tests.both_sides import both_sides
from tests.by_contract import compare_all
from tests.caught_up import has_caught_up
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.oulad import NEEDS_OULAD, TENANT
from tests.parity import Parity
from tests.stack import Stack
from tests.system import System

pytestmark = NEEDS_OULAD

FEW, ALL = 200, 10_000
IN_FULL = 8
AT_ONCE = 8
EVERYTHING = """{ viewer { id name locale roles courses(first: 50) { totalCount
  edges { cursor node { id title code
  progress { completed total ratio }
  outline { id title lessons { id title kind completed } }
  assessments(first: 50) { totalCount edges { cursor node {
    id title kind opensAt closesAt timeLimit grace attemptsAllowed scoringPolicy weight
    attempts { totalCount edges { cursor node {
      id number state startedAt savedAt submittedAt score { raw max scaled late }
    } } }
  } } }
} } } } }"""
RATIO = "viewer.courses.edges.node.progress.ratio"


@pytest.fixture(scope="module")
def gateways(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with both_sides(stack, tmp_path_factory) as urls:
        yield urls


async def learners(db: Connection, count: int) -> list[int]:
    """The same of them in every run."""
    rows = await db.fetch(
        "SELECT DISTINCT user_id FROM enrolments"
        " WHERE tenant_id = $1 AND role = 'LEARNER' ORDER BY user_id",
        TENANT,
    )
    return random.Random(1).sample([row["user_id"] for row in rows], count)


async def test_both_sides_say_the_same_of_every_learner(
    stack: Stack,
    system: System,
    monolith_db: Connection,
    gateways: dict[str, str],
    figure: Recorder,
) -> None:
    await until(lambda: has_caught_up(monolith_db), most_s=300)
    count = ALL if figures.is_full() else FEW
    parity, between = Parity(), 0
    places = asyncio.Semaphore(AT_ONCE)

    async def compare(learner: int) -> None:
        nonlocal between
        async with places:
            legacy, service = [
                await whole(url, token(Path(home), TENANT, learner))
                for home, url in gateways.items()
            ]
        parity.take(legacy, service)
        between += is_between(legacy)

    await asyncio.gather(*[compare(one) for one in await learners(monolith_db, count)])

    figure(
        "parity",
        learners=count,
        strictly_between_0_and_1=between,
        compared=parity.compared.total(),
        differences=len(parity.differences),
        **{path.removeprefix("viewer."): times for path, times in parity.compared.items()},
    )
    assert parity.differences[:5] == []
    assert between >= 100
    assert set(parity.not_compared()) <= NEVER_SET_BY_OULAD


NEVER_SET_BY_OULAD: set[str] = set()


async def whole(url: str, bearer: str) -> Any:
    someone = Someone(url, bearer)
    try:
        return await someone.ask(EVERYTHING)
    finally:
        await someone.close()


def is_between(answer: Any) -> bool:
    """Whether some course of the learner is begun and not done."""
    ratios = Counter[bool]()
    for edge in answer["viewer"]["courses"]["edges"]:
        ratios[0 < edge["node"]["progress"]["ratio"] < 1] += 1
    return ratios[True] > 0


async def test_they_say_the_same_by_every_field_of_the_contract(
    stack: Stack,
    system: System,
    monolith_db: Connection,
    gateways: dict[str, str],
    figure: Recorder,
) -> None:
    await until(lambda: has_caught_up(monolith_db), most_s=300)
    found = [(TENANT, one, "LEARNER") for one in await learners(monolith_db, IN_FULL)]

    parity, queries = await compare_all(gateways, found)

    figure(
        "parity of the schema",
        oulad_learners=len(found),
        queries=queries,
        compared=parity.compared.total(),
        explained=parity.explained.total(),
        differences=len(parity.differences),
    )
    assert parity.differences[:5] == []
    assert parity.compared.total() > 0
