"""Row I6: what is forbidden is told as what is missing: the same bytes, causes and time."""

import json
import random
import time
from collections.abc import AsyncIterator
from itertools import count
from statistics import median

import pytest

from legacy.monolith import database
from legacy.monolith.settings import with_database
from services.contracts.ids import Kind, decode
from tests.faults.registry import n
from tests.figures import Recorder
from tests.learner import token
from tests.security.campus import Campus, campus
from tests.security.causes import Watch
from tests.security.effect import p_value, told_apart
from tests.security.exam import sit
from tests.security.strangers import STRANGER, Probe, documents, probes, strangers
from tests.security.test_i3_subscriptions import DOCUMENTS as SUBSCRIPTIONS
from tests.security.test_i3_subscriptions import first_said
from tests.security.test_i3_tenants import ROOTS
from tests.sides import BOTH, turn
from tests.stack import Stack
from tests.system import MONOLITH_DATABASE, NUMBERS, System

KEYS = count(1)
SIDES = pytest.mark.parametrize("side", ["legacy", "service"])
WARM = 20
MALFORMED = ["bm90aGluZw", ".."]
SAYS_NO_TO_ALL = "READ_ONLY"
"""Of any attempt of the old side, which an id says by itself: it cannot do what staff do."""
SMALL_EFFECT = 0.1
SLOW_ROOTS = {Kind.LESSON: "node", Kind.ATTEMPT: "attempt", Kind.LIVE_CLASS: "liveClass"}


class Hidden:
    """A campus with strangers, and their questions; `say` gives an answer without what was sent."""

    def __init__(self, system: System, at: Campus, other: Campus) -> None:
        self.system, self.at, self.other = system, at, other

    async def say(self, probe: Probe, id_: str) -> str:
        asker = self.system.someone(self.at.tenant, probe.asker, probe.role)
        document = probe.document.replace('"ID"', json.dumps(id_))
        answer = await asker.answer(document.replace('key: "', f'key: "{next(KEYS)} '))
        return json.dumps(answer).replace(json.dumps(id_), "ID")

    def probes(self) -> list[Probe]:
        return list(probes(self.at, documents(self.at)))

    async def turn(self, side: str) -> None:
        await turn(self.system.stack, self.at.tenant, side, *BOTH)
        for probe in self.probes()[:1] * WARM:
            await self.say(probe, probe.missing)


@pytest.fixture(scope="module")
async def hidden(stack: Stack) -> AsyncIterator[Hidden]:
    db = await database.connect(with_database(stack.database, MONOLITH_DATABASE))
    system, run = System(stack), next(NUMBERS)
    own, other = [await campus(db, f"hidden-{run}-{number}") for number in range(2)]
    await strangers(db, own)
    await sit(system, own)
    yield Hidden(system, own, other)
    await system.close()
    await db.close()


@SIDES
async def test_i6_what_is_forbidden_is_answered_as_what_is_missing(
    hidden: Hidden, side: str, figure: Recorder
) -> None:
    await hidden.turn(side)
    differing: list[str] = []

    for probe in hidden.probes():
        missing = await hidden.say(probe, probe.missing)
        asked = [probe.forbidden]
        if probe.asker == STRANGER and SAYS_NO_TO_ALL not in missing:
            asked += [*MALFORMED, hidden.other.ids()[decode(probe.forbidden).kind]]
        answers = [await hidden.say(probe, id_) for id_ in asked]
        differing += [f"{probe}: {one} or {missing}" for one in answers if one != missing]

    figure("I6", **{f"differing_{side}": len(differing), f"asked_{side}": len(hidden.probes())})
    assert differing == []


@SIDES
async def test_i6_what_is_forbidden_causes_what_is_missing_causes(
    hidden: Hidden, side: str, figure: Recorder
) -> None:
    await hidden.turn(side)
    watch, differing = Watch(hidden.system.stack, hidden.at.tenant), []
    asked = [one for one in hidden.probes() if one.asker == STRANGER and "nodes" not in str(one)]

    async with watch.noted():
        for probe in asked:
            forbidden, missing = [
                await watch.of(lambda probe=probe, id_=id_: hidden.say(probe, id_))  # type: ignore[misc]
                for id_ in (probe.forbidden, probe.missing)
            ]
            if forbidden.of_services != missing.of_services:
                differing.append(f"{probe}: {forbidden} or {missing}")

    figure("I6", **{f"differing_causes_{side}": len(differing), f"caused_{side}": len(asked)})
    assert differing == []


@SIDES
@pytest.mark.parametrize("kind", SLOW_ROOTS, ids=lambda kind: kind.name.lower())
async def test_i6_time_tells_nothing_of_what_is_forbidden(
    hidden: Hidden, side: str, kind: Kind, figure: Recorder
) -> None:
    await hidden.turn(side)
    root = f"{{ {SLOW_ROOTS[kind]}("
    asked = [
        one
        for one in hidden.probes()
        if one.asker == STRANGER and one.document.startswith(root) and _is_of(one, kind)
    ]
    probe = asked[-1]

    forbidden, missing = await _times_ms(hidden, probe, n("I6"))

    share = told_apart(forbidden, missing)
    name = f"{kind.name.lower()}_{side}"
    figure("I6", **{f"told_apart_{name}": share, f"p_{name}": p_value(share, *[n("I6")] * 2)})
    figure("I6", **{f"medians_ms_{name}": f"{median(forbidden):.1f} {median(missing):.1f}"})
    assert abs(share - 0.5) <= SMALL_EFFECT


async def test_i6_a_subscription_to_what_is_forbidden_ends_as_one_to_nothing(
    hidden: Hidden, figure: Recorder
) -> None:
    differing: list[str] = []
    documents = {text: kind for kind, text in SUBSCRIPTIONS.values()}

    for probe in probes(hidden.at, documents):
        bearer = token(hidden.system.stack.home, hidden.at.tenant, probe.asker, probe.role)
        forbidden, missing = [
            await first_said(hidden.system.stack.gateway, bearer, probe.document.replace("ID", id_))
            for id_ in (probe.forbidden, probe.missing)
        ]
        if forbidden != missing:
            differing.append(str(probe))

    figure("I6", differing_subscriptions=len(differing))
    assert differing == []


def test_i6_every_root_with_an_id_is_asked() -> None:
    asked = documents(Campus("acme", "mark"))

    assert {f'{{ {root}(id: "ID") {{ id }} }}' for root in ROOTS} <= set(asked)
    assert sum("node(" in text for text in asked) == sum("nodes(" in text for text in asked) > 6


def _is_of(probe: Probe, kind: Kind) -> bool:
    return decode(probe.forbidden).kind is kind


async def _times_ms(hidden: Hidden, probe: Probe, pairs: int) -> tuple[list[float], list[float]]:
    """Of both ids, in turns whose order is drawn."""
    spent: dict[str, list[float]] = {probe.forbidden: [], probe.missing: []}
    for _ in range(pairs):
        for id_ in random.sample(list(spent), 2):
            began_s = time.perf_counter()
            await hidden.say(probe, id_)
            spent[id_].append((time.perf_counter() - began_s) * 1_000)
    return spent[probe.forbidden], spent[probe.missing]
