"""Operations over the nasty schema and over the contract, each with a world of its own."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from resolvers.context import context_for
from schema.contract import core_schema
from services.contracts.errors import UpstreamTimeout
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock
from tests.execution.grammar import Grammar
from tests.execution.nasty import nasty_schema, world
from tests.execution.proving import Proof, Side, Tally
from tests.fakes.asking import CONSISTENCY
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import (
    NOW,
    OPERATOR,
    TEACHER,
    add_tenant,
    assessment_id,
    attempt_id,
    class_id,
    course_id,
    learner_id,
    lesson_id,
    viewer,
)

BUDGET_S = 500.0
EVILS = [0.0, 0.02, 0.05, 0.15, 0.4]
IDS = [
    *[find("acme") for find in (course_id, lesson_id, assessment_id, attempt_id, class_id)],
    learner_id("acme"),
    course_id("other"),
    "nothing",
]
VIEWERS = [
    *[viewer("acme")] * 3,
    viewer("acme", TEACHER),
    viewer("acme", OPERATOR),
    viewer("other"),
    None,
]
WORDS: dict[str, Sequence[Any]] = {
    "Int": [1, 2, 3, 7, 0],
    "Float": [0.5, 1],
    "Boolean": [True, False],
    "String": ["a", "b", ""],
    "Odd": ["odd"],
    "DateTime": ["2026-01-01T00:00:00Z"],
    "Duration": ["PT1M"],
    "ConsistencyToken": ["x"],
}


async def over_nasty(count: int, seed: str, evils: Sequence[float] = EVILS) -> Tally:
    """`count` operations, of things bad and good; `evils` are shares of bad values."""
    dice = random.Random(f"nasty {seed}")
    proof = Proof(nasty_schema(), Tally())
    grammar = Grammar(proof.schema, {**WORDS, "ID": ["x", "a", "7", 7]}, dice)
    while proof.tally.operations < count:
        drawn, evil = grammar.draw(), dice.choice(evils)
        await proof.take(drawn, partial(nasty_side, str(dice.random()), evil, drawn.text))
    return proof.tally


def nasty_side(seed: str, evil: float, text: str) -> Side:
    made = world(seed, evil)
    sources: Any = made
    field = "gone" if " gone" in text else "met"
    event = made.event(f"Subscription.{field}", seed) if text.startswith("subscription") else None
    return Side(
        context_for(viewer("acme"), FakeClock(NOW), BUDGET_S, sources, CONSISTENCY),
        lambda: Counter((field, said, one) for field, said, marks in made.asked for one in marks),
        lambda: made.done,
        lambda: len(made.asked),
        event,
    )


async def over_contract(count: int, seed: str) -> Tally:
    dice = random.Random(f"contract {seed}")
    proof = Proof(core_schema(), Tally())
    grammar = Grammar(proof.schema, {**WORDS, "ID": IDS}, dice)
    while proof.tally.operations < count:
        drawn = grammar.draw()
        make = partial(contract_side, str(dice.random()), dice.choice(VIEWERS), drawn.text)
        await proof.take(drawn, make)
    return proof.tally


def contract_side(seed: str, who: Viewer | None, text: str) -> Side:
    dice, platform = random.Random(seed), FakePlatform()
    add_tenant(platform, "acme", courses=3)
    add_tenant(platform, "other")
    for one in IDS:
        if dice.random() < 0.2:
            platform.broken[one] = UpstreamTimeout.refusal
    event = None
    if text.startswith("subscription"):
        event = _event(platform, dice, text)
    ctx = context_for(who, FakeClock(NOW), BUDGET_S, sources_of(platform), CONSISTENCY)
    return Side(ctx, lambda: platform.calls, list, platform.calls.total, event)


def _event(platform: FakePlatform, dice: random.Random, text: str) -> Any:
    if "attemptUpdated" in text:
        return dice.choice(list(platform.attempts.values()))
    return platform.progress(("acme", "4"), course_id("acme"))


Cases = Callable[[int, str], Any]
CASES: dict[str, Cases] = {"nasty": over_nasty, "contract": over_contract}
