"""G12: documents made at random break nothing, and none holds up the loop."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from graphql import print_schema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from schema.contract import core_schema
from services.kit.settings import Profile
from tests.faults.door import CLOSED, Door, codes
from tests.faults.grammar import Grammar
from tests.faults.probe import Stalls
from tests.faults.registry import n
from tests.faults.watching import CARELESS, STALL_MS, Watched, told, watched
from tests.figures import Recorder
from tests.stack import Stack

BY_HYPOTHESIS = 25
"""Each takes a tenth of a second to make; the others are made by our own grammar."""
SHARE, ROUNDS = 1_000, 3
"""A stall that is a document's doing is there each time it is read; this machine's is not. A share
is more than a gateway keeps, so that asked again it is read again."""
BROKEN = "broken"
TWIN = 1_500
VARIABLES = {"v": 1}
SCALARS = {
    "DateTime": st.just(nodes.String("2026-01-01T00:00:00Z")),
    "Duration": st.just(nodes.String("PT1M")),
    "ConsistencyToken": st.just(nodes.String("x")),
}


def documents(many: int) -> Iterator[str]:
    yield from made_by_hypothesis(BY_HYPOTHESIS)
    grammar = Grammar(core_schema(), random.Random(12))
    for _ in range(many - BY_HYPOTHESIS):
        yield grammar.document()


def made_by_hypothesis(many: int) -> list[str]:
    made: list[str] = []

    @seed(12)
    @settings(
        max_examples=many,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(from_schema(print_schema(core_schema()), custom_scalars=SCALARS))
    def collect(text: str) -> None:
        made.append(text)

    collect()
    return made


@pytest.mark.parametrize("profile", [Profile.PRODUCTION, Profile.DEVELOPMENT])
async def test_g12_no_document_stalls_a_gateway(
    profile: Profile, stack: Stack, tmp_path: Path, figure: Recorder
) -> None:
    said, worst = Counter[str](), Stalls()

    async with watched(stack, tmp_path, profile) as gateway:
        for texts in shares(list(documents(n("G12")))):
            worst = worse(worst, await stalls_of(texts, gateway, said))

    figure("G12", documents=said.total(), broken=said[BROKEN], **told(worst))
    assert said[BROKEN] == 0, said
    assert worst.beats > n("G12")
    assert worst.collection_ms <= STALL_MS
    assert worst.cpu_ms <= STALL_MS


async def stalls_of(texts: list[str], gateway: Watched, said: Counter[str]) -> Stalls:
    """While these were asked, and asked again where they held up the loop."""
    seen = Stalls()
    for _ in range(ROUNDS):
        for text in texts:
            answer = await gateway.ask(query=text, variables=VARIABLES)
            said[BROKEN] += is_broken(answer)
            said.update(codes(answer)[:1] or ["answered"])
        last = await gateway.stalls()
        seen = replace(worse(seen, last), cpu_ms=last.cpu_ms, wall_ms=last.wall_ms)
        if last.cpu_ms <= STALL_MS:
            break
    return seen


def worse(one: Stalls, other: Stalls) -> Stalls:
    """The longest of both, and all that was counted."""
    return Stalls(
        wall_ms=max(one.wall_ms, other.wall_ms),
        cpu_ms=max(one.cpu_ms, other.cpu_ms),
        collection_ms=max(one.collection_ms, other.collection_ms),
        collections=one.collections + other.collections,
        beats=one.beats + other.beats,
    )


def shares(texts: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(texts), SHARE):
        yield texts[first : first + SHARE]


async def test_g12_fails_without_care_for_the_heap(
    stack: Stack, tmp_path: Path, figure: Recorder
) -> None:
    """What is kept without bounds, or never frozen, is gone through while everybody waits."""
    async with watched(stack, tmp_path, Profile.DEVELOPMENT, CARELESS) as gateway:
        for text in documents(TWIN):
            await gateway.ask(query=text, variables=VARIABLES)
        stalls = await gateway.stalls()

    figure("G12", stall_without_care_cpu_ms=round(stalls.cpu_ms, 1))
    assert stalls.cpu_ms > STALL_MS


async def test_g12_queries_of_the_contract_by_hypothesis_are_valid(tmp_path: Path) -> None:
    """Its mutations know nothing of `@oneOf`."""
    door, made = Door(tmp_path, CLOSED), made_by_hypothesis(BY_HYPOTHESIS)
    queries = [text for text in made if not text.startswith("mutation")]

    async with door.client() as client:
        answers = [await client.post("/graphql", json={"query": text}) for text in queries]

    said = Counter(code for answer in answers for code in codes(answer))
    assert len(queries) > BY_HYPOTHESIS / 3
    assert not any(map(is_broken, answers))
    assert not {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"} & set(said), said


async def test_g12_nothing_breaks(tmp_path: Path, figure: Recorder) -> None:
    """Over sources that all answer, so that whatever is valid is resolved."""
    door, said, broken = Door(tmp_path, CLOSED), Counter[str](), 0

    async with door.client() as client:
        for text in documents(n("G12")):
            answer = await client.post("/graphql", json={"query": text, "variables": VARIABLES})
            broken += is_broken(answer)
            said.update(codes(answer)[:1] or ["answered"])

    figure("G12", documents=said.total(), executed=door.executed, broken=broken)
    assert broken == 0, said
    assert said["answered"] > n("G12") / 10, said
    assert said["GRAPHQL_VALIDATION_FAILED"] > n("G12") / 100, said


async def test_g12_fails_without_validating_one_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Random documents found it: as Strawberry makes it, two of one are found when it runs."""
    monkeypatch.setattr(core_schema().type_map["ResponseInput"], "is_one_of", False)
    grammar, door, broken = Grammar(core_schema(), random.Random(12)), Door(tmp_path, CLOSED), 0

    async with door.client() as client:
        for text in (grammar.document() for _ in range(TWIN)):
            if "response:" in text or "correct:" in text:
                broken += is_broken(await client.post("/graphql", json={"query": text}))

    figure("G12", broken_without_validating_one_of=broken)
    assert broken > 0


def is_broken(answer: httpx.Response) -> bool:
    return answer.status_code >= 500 or "INTERNAL" in codes(answer)
