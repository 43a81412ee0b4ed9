"""Parity: what both sides say of the same learners, field by field, through GraphQL."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from legacy.monolith.database import Connection
from services.kit.home import running
from tests import figures, pair
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.oulad import NEEDS_OULAD, TENANT
from tests.parity import Parity
from tests.sides import BOTH, banyan_in
from tests.stack import Stack
from tests.system import System

pytestmark = NEEDS_OULAD

FEW, ALL = 200, 10_000
READERS = ["progress", "assessment"]
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
    """One that asks the old side only, and one that asks the new side only."""
    at, keys = running(stack.home), stack.home / "keys"
    base = int(at.gateway.rpartition(":")[2])
    common = {
        "legacy_secret": (keys / "legacy").read_text().strip(),
        "assessment_url": f"http://127.0.0.1:{base + 2}",
        "progress_url": f"http://127.0.0.1:{base + 3}",
        "live_class_url": f"http://127.0.0.1:{base + 4}",
        "cost_budget": "100000",
        "request_budget_ms": "30000",
        "upstream_budget_ms": "30000",
    }
    with ExitStack() as both:
        urls = {}
        for side in ("legacy", "service"):
            home = tmp_path_factory.mktemp(side)
            copytree(keys, home / "keys", ignore=ignore_patterns("issuer.pem"))
            for capability in BOTH:
                banyan_in(home, "flags", "set", capability, side)
            urls[str(home)] = both.enter_context(pair.gateway(home, at.monolith, **common)).url
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
    await until(lambda: has_caught_up(stack, monolith_db), most_s=300)
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


async def has_caught_up(stack: Stack, db: Connection) -> bool:
    """The new side has taken every change of the old one."""
    del stack
    unsent = await db.fetchval("SELECT count(*) FROM changes WHERE position IS NULL")
    behind = await db.fetchval(
        "SELECT count(*) FROM relay_positions r CROSS JOIN unnest($1::text[]) AS reader"
        " LEFT JOIN consumers c ON c.partition = r.partition AND c.name = reader"
        " WHERE coalesce(c.position, 0) < r.position",
        READERS,
    )
    return bool(unsent == 0 and behind == 0)
