"""G12: documents made at random break nothing, and none holds up the loop."""

import random
from collections import Counter
from collections.abc import Iterator
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
from tests.faults.registry import n
from tests.faults.watching import CARELESS, STALL_MS, told, watched
from tests.figures import Recorder
from tests.stack import Stack

BY_HYPOTHESIS = 25
"""Each takes a tenth of a second to make; the others are made by our own grammar."""
ROUNDS = 3
"""A stall that is a document's doing, or the heap's, is there each time; this machine's is not."""
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
    said, broken = Counter[str](), 0

    async with watched(stack, tmp_path, profile) as gateway:
        for _ in range(ROUNDS):
            for text in documents(n("G12")):
                answer = await gateway.ask(query=text, variables=VARIABLES)
                broken += is_broken(answer)
                said.update(codes(answer)[:1] or ["answered"])
            stalls = await gateway.stalls()
            if stalls.cpu_ms <= STALL_MS:
                break

    figure("G12", documents=said.total(), broken=broken, **told(stalls))
    assert broken == 0, said
    assert stalls.beats > n("G12")
    assert stalls.cpu_ms <= STALL_MS


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
