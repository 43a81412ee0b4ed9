"""Row I6 without what holds it, over a fake platform whose sources tell anybody everything."""

import json
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from graphql import parse

from gateway.execution import core
from resolvers import guards
from resolvers.context import context_for
from resolvers.ports import Sources
from schema.contract import core_schema
from services.contracts.errors import FORBIDDEN, Refused
from services.contracts.ids import LessonId
from services.contracts.learning import Enrolment, Lesson
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from tests.fakes.asking import CONSISTENCY, ask
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import FakeCourses, sources_of
from tests.fakes.tenant import OTHER, add_tenant, course_id, lesson_id, viewer
from tests.faults.registry import n
from tests.figures import Recorder
from tests.security.effect import told_apart

WHO = viewer("acme", OTHER)
PAIRS = {
    "course": (course_id("acme"), course_id("acme", 99)),
    "node": (lesson_id("acme"), lesson_id("acme", 99)),
}
"""Of each root what is there, in a course that they do not take, and what is not."""


async def test_i6_fails_without_one_answer_for_both(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    with_it = await _differing()
    monkeypatch.setattr(guards, "HIDDEN", FORBIDDEN)

    without = await _differing()

    figure("I6", differing_without=without)
    assert with_it == 0
    assert without > 0


async def test_i6_fails_without_fixed_times(
    monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """What there is takes 3 ms longer: only of that it is asked who may see it."""
    evened = told_apart(*await _times_s(n("I6")))
    monkeypatch.setattr("schema.answering.evenly", _at_once)

    without = told_apart(*await _times_s(n("I6")))

    figure("I6", told_apart_of_slow_looks=evened, told_apart_without=without)
    assert abs(evened - 0.5) < 0.2
    assert without > 0.9


async def _differing() -> int:
    differing = 0
    for root, ids in PAIRS.items():
        documents = [f'{{ {root}(id: "{id_}") {{ id }} }}' for id_ in ids]
        answers = [await ask(_platform(), WHO, document) for document in documents]
        told = {json.dumps([one.data, [str(e) for e in one.errors or []]]) for one in answers}
        differing += len(told) > 1
    return differing


async def _times_s(pairs: int) -> tuple[list[float], list[float]]:
    spent: dict[str, list[float]] = {id_: [] for id_ in PAIRS["node"]}
    sources = sources_of(_platform())
    slow = replace(sources, courses=SlowCourses(sources.courses.platform))  # type: ignore[attr-defined]
    for _ in range(pairs):
        for id_ in random.sample(list(spent), 2):
            began_s = time.perf_counter()
            await _node(slow, id_)
            spent[id_].append(time.perf_counter() - began_s)
    forbidden, missing = spent.values()
    return forbidden, missing


async def _node(sources: Sources, id_: str) -> None:
    ctx = context_for(WHO, SystemClock(), 5.0, sources, CONSISTENCY)
    document = parse(f'{{ node(id: "{id_}") {{ id }} }}')
    assert (await core.run(core_schema(), document, {}, None, ctx)).data == {"node": None}
    await ctx.close()


class SlowCourses(FakeCourses):
    """Takes as long as a real source, by chance; and 3 ms more where it is asked who may see."""

    async def lessons(self, caller: Caller, ids: Sequence[LessonId]) -> Sequence[Lesson | Refused]:
        _work(random.uniform(0.001, 0.003))
        return await super().lessons(caller, ids)

    async def enrolments(self, caller: Caller) -> list[Enrolment]:
        _work(0.003)
        return []


def _work(for_s: float) -> None:
    """Precisely: asyncio counts milliseconds."""
    time.sleep(for_s)


async def _at_once(*_: Any) -> None:
    """No waiting for a tick."""


def _platform() -> FakePlatform:
    platform = FakePlatform()
    add_tenant(platform, "acme")
    platform.enrolled.clear()
    return platform
