"""G12: documents made at random break nothing, and none holds up the loop."""

import gc
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from graphql import print_schema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from schema.contract import core_schema
from tests.faults.door import CLOSED, Door, codes
from tests.faults.grammar import Grammar
from tests.faults.registry import n
from tests.figures import Recorder

STALL_MS = 50.0
COLLECTION_MS = 100.0
"""On a busy machine; some 10 ms on one that is not."""
BY_HYPOTHESIS = 25
"""Each takes a tenth of a second to make; the others are made by our own grammar."""
TWIN = 2_000
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


async def test_g12_nothing_breaks_and_nothing_blocks(
    tmp_path: Path, settled: None, figure: Recorder
) -> None:
    door, said, slowest_ms, broken = Door(tmp_path, CLOSED), Counter[str](), 0.0, 0

    with collections() as pauses_ms:
        async with door.client() as client:
            for text in documents(n("G12")):
                paused_ms, began_s = sum(pauses_ms), time.thread_time()
                answer = await client.post("/graphql", json={"query": text, "variables": VARIABLES})
                took_ms = (time.thread_time() - began_s) * 1e3
                slowest_ms = max(slowest_ms, took_ms - (sum(pauses_ms) - paused_ms))
                broken += is_broken(answer)
                said.update(codes(answer)[:1] or ["answered"])

    figure("G12", documents=said.total(), executed=door.executed, broken=broken)
    figure("G12", slowest_ms=round(slowest_ms, 1), collection_ms=round(max(pauses_ms), 1))
    assert broken == 0, said
    assert slowest_ms <= STALL_MS
    assert max(pauses_ms) <= COLLECTION_MS
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


@contextmanager
def collections() -> Iterator[list[float]]:
    """How long each garbage collection of the block took, in ms: they come when they will."""
    pauses_ms, began_s = [0.0], 0.0

    def watch(phase: str, _: dict[str, int]) -> None:
        nonlocal began_s
        if phase == "start":
            began_s = time.thread_time()
        else:
            pauses_ms.append((time.thread_time() - began_s) * 1e3)

    gc.callbacks.append(watch)
    try:
        yield pauses_ms
    finally:
        gc.callbacks.remove(watch)
