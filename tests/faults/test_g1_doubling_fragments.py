"""G1: fragments that double are refused in one pass, before they are validated."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from graphql import DocumentNode, GraphQLSchema, parse

from bench.learner import DASHBOARD
from gateway.operation import measure as module
from gateway.operation.ask import Ask
from gateway.operation.hints import Hints, hints
from gateway.operation.measure import Extent, measure
from gateway.operation.plan import planned
from gateway.operation.price import Prices, prices
from gateway.operation.refusal import BadDocument
from gateway.operation.repeats import repeats
from gateway.operation.rules import Rules
from schema.contract import core_schema
from tests.faults.bombs import DOUBLING, doubling
from tests.faults.door import CLOSED, Door
from tests.faults.registry import n
from tests.figures import Recorder

MOST_MS = 20.0
TIMES = 25
DEEP = 12
"""A size at which the fault without the guard can be waited for."""


@pytest.mark.parametrize("rules", [Rules(), CLOSED], ids=["development", "production"])
async def test_g1_fragments_that_double_are_refused_in_one_pass(
    tmp_path: Path, rules: Rules, settled: None, figure: Recorder
) -> None:
    door = Door(tmp_path, rules)
    took_ms, codes = list[float](), set[str]()

    for bomb in DOUBLING:
        for deep in range(10, n("G1") + 1, 10):
            code, cpu_ms = await door.cpu_ms(Ask(bomb(deep)))
            codes.add(code)
            took_ms.append(cpu_ms)

    figure("G1", median_ms=round(median(took_ms), 2), max_ms=round(max(took_ms), 2))
    figure("G1", executed=door.executed, codes=len(codes))
    assert "" not in codes
    assert door.executed == 0
    assert max(took_ms) <= MOST_MS


def test_g1_fails_without_the_memory_of_fragments(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    looked = 0
    look = module._Measuring._selection

    def counted(self: module._Measuring, selection: object) -> Extent:
        nonlocal looked
        looked += 1
        return look(self, selection)  # type: ignore[arg-type]

    def forgetful(self: module._Measuring, name: str) -> Extent:
        return self._set(self._fragments[name].selection_set)

    monkeypatch.setattr(module._Measuring, "_selection", counted)
    measure(parse(doubling(DEEP)))
    with_guard, looked = looked, 0

    monkeypatch.setattr(module._Measuring, "_fragment", forgetful)
    with pytest.raises(BadDocument):
        measure(parse(doubling(DEEP)))

    figure("G1", looked_at=with_guard, looked_at_without_memory=looked)
    assert with_guard < 10 * DEEP
    assert looked > 2**DEEP


async def test_g1_an_ordinary_dashboard_is_measured_in_no_time(
    tmp_path: Path, settled: None, figure: Recorder
) -> None:
    schema, asks = core_schema(), Ask(DASHBOARD, {"courses": 4, "from": "2026-01-01T00:00:00Z"})
    node, table, said = parse(DASHBOARD), prices(schema), hints(schema)
    door = Door(tmp_path)
    await door.refusal(asks)

    pass_ms = [_ms(lambda: _pass(schema, table, said, node)) for _ in range(TIMES)]
    again_ms = [(await door.cpu_ms(asks))[1] for _ in range(TIMES)]

    figure("G1", dashboard_ms=round(median(pass_ms), 2), known_us=round(median(again_ms) * 1e3))
    assert median(pass_ms) < 1.0
    assert median(again_ms) < 0.5


def _pass(schema: GraphQLSchema, table: Prices, said: Hints, node: DocumentNode) -> None:
    """All that is done beside parsing and validating, the first time."""
    measure(node)
    repeats(node)
    for one in planned(schema, table, said, node, is_bounded=True).values():
        assert not one.keeping.is_kept


def _ms(work: Callable[[], None]) -> float:
    began_s = time.thread_time()
    work()
    return (time.thread_time() - began_s) * 1e3
